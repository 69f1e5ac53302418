package finance.votis.sessions.standins.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.standins.http.BlockingHttpServer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidNextTokenException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.LimitExceededException;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** The rules of Secrets Manager's API reference, one by one, through the SDK. */
class SecretsManagerTest {
    private static final Instant START = Instant.parse("2026-11-23T12:00:00.250Z");

    private static TestClock clock;
    private static AwsStandIn aws;
    private static SecretsManagerClient secrets;

    private String name = "";

    @BeforeAll
    static void start() {
        clock = new TestClock(START);
        aws = AwsStandIn.start(BlockingHttpServer.anyPort(), clock, new SecureRandom());
        secrets = SdkClients.secretsManager(aws.url());
    }

    @AfterAll
    static void close() {
        secrets.close();
        aws.close();
    }

    @BeforeEach
    void newName() {
        name = "sessions/" + UUID.randomUUID() + "@test";
    }

    @Nested
    class CreateSecret {
        @Test
        void aSecretWithAValueHasAVersionThatIsCurrent() {
            String token = token();
            CreateSecretResponse made =
                    secrets.createSecret(r -> r.name(name).secretString("none").clientRequestToken(token));
            assertThat(made.name()).isEqualTo(name);
            assertThat(made.versionId()).isEqualTo(token);
            assertThat(made.arn())
                    .matches("arn:aws:secretsmanager:eu-central-1:111122223333:secret:" + name + "-[A-Za-z0-9]{6}");

            GetSecretValueResponse value = secrets.getSecretValue(r -> r.secretId(name));
            assertThat(value.secretString()).isEqualTo("none");
            assertThat(value.versionId()).isEqualTo(token);
            assertThat(value.versionStages()).containsExactly("AWSCURRENT");
            assertThat(value.createdDate()).isEqualTo(clock.instant());
            assertThat(value.arn()).isEqualTo(made.arn());
        }

        @Test
        void aSecretWithoutAValueHasNoVersion() {
            assertThat(secrets.createSecret(r -> r.name(name)).versionId()).isNull();
            assertThat(stages()).isEmpty();
            assertThatThrownBy(() -> secrets.getSecretValue(r -> r.secretId(name)))
                    .isInstanceOf(ResourceNotFoundException.class);
        }

        @Test
        void theSdkSendsATokenByItself() {
            assertThat(secrets.createSecret(r -> r.name(name).secretString("none"))
                            .versionId())
                    .hasSize(36);
        }

        @Test
        void binaryComesBackAsBinary() {
            SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, -1, 65});
            secrets.createSecret(r -> r.name(name).secretBinary(bytes));
            GetSecretValueResponse value = secrets.getSecretValue(r -> r.secretId(name));
            assertThat(value.secretBinary()).isEqualTo(bytes);
            assertThat(value.secretString()).isNull();
        }

        @Test
        void aNameIsTakenOnce() {
            secrets.createSecret(r -> r.name(name).secretString("none"));
            assertThatThrownBy(() -> secrets.createSecret(r -> r.name(name).secretString("none")))
                    .isInstanceOf(ResourceExistsException.class);
        }

        @Test
        void theSameRequestAgainIsTheSameSecret() {
            String token = token();
            CreateSecretResponse first =
                    secrets.createSecret(r -> r.name(name).secretString("a").clientRequestToken(token));
            CreateSecretResponse again =
                    secrets.createSecret(r -> r.name(name).secretString("a").clientRequestToken(token));
            assertThat(again.arn()).isEqualTo(first.arn());
            assertThat(again.versionId()).isEqualTo(token);
            assertThatThrownBy(() -> secrets.createSecret(
                            r -> r.name(name).secretString("b").clientRequestToken(token)))
                    .isInstanceOf(ResourceExistsException.class);
        }

        @Test
        void aNameHasItsCharacters() {
            for (String bad : new String[] {"a b", "a:b", "ä", "a".repeat(513)}) {
                assertThatThrownBy(() -> secrets.createSecret(r -> r.name(bad)))
                        .isInstanceOf(InvalidParameterException.class);
            }
        }

        @Test
        void theSecretMadeInTheProcessIsTheSame() {
            String arn = aws.createSecret(name, Optional.of("none"));
            assertThat(secrets.getSecretValue(r -> r.secretId(arn)).secretString())
                    .isEqualTo("none");
            aws.createSecret(name + "-empty", Optional.empty());
            assertThatThrownBy(() -> secrets.getSecretValue(r -> r.secretId(name + "-empty")))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
    }

    @Nested
    class PutSecretValue {
        @Test
        void withoutStagesTheVersionBecomesCurrentAndTheOldOnePrevious() {
            String first = created("a");
            String second = put("b").versionId();
            assertThat(stages()).isEqualTo(Map.of(first, List.of("AWSPREVIOUS"), second, List.of("AWSCURRENT")));
            String third = put("c").versionId();
            assertThat(stages()).isEqualTo(Map.of(second, List.of("AWSPREVIOUS"), third, List.of("AWSCURRENT")));
            assertThat(current()).isEqualTo("c");
        }

        @Test
        void theFirstVersionBecomesCurrentWhateverIsAsked() {
            secrets.createSecret(r -> r.name(name));
            PutSecretValueResponse first = put("attempt", "AWSPENDING");
            assertThat(first.versionStages()).containsExactly("AWSCURRENT", "AWSPENDING");
            assertThat(current()).isEqualTo("attempt");
        }

        @Test
        void aStageMovesWithoutComparing() {
            String first = created("none");
            String one = put("attempt 1", "AWSPENDING").versionId();
            assertThat(stages()).isEqualTo(Map.of(first, List.of("AWSCURRENT"), one, List.of("AWSPENDING")));
            String two = put("attempt 2", "AWSPENDING").versionId();
            assertThat(stages()).isEqualTo(Map.of(first, List.of("AWSCURRENT"), two, List.of("AWSPENDING")));
            assertThat(current()).isEqualTo("none");
        }

        @Test
        void currentTakenByNameMovesPreviousToo() {
            String first = created("a");
            String second = put("b", "AWSCURRENT", "mine").versionId();
            assertThat(stages())
                    .isEqualTo(Map.of(first, List.of("AWSPREVIOUS"), second, List.of("AWSCURRENT", "mine")));
        }

        @Test
        void theSameTokenAndValueChangesNothing() {
            String first = created("none");
            String token = token();
            putAs(token, "attempt", "AWSPENDING");
            put("later", "AWSPENDING");
            PutSecretValueResponse again = putAs(token, "attempt", "AWSPENDING", "AWSCURRENT");
            assertThat(again.versionId()).isEqualTo(token);
            assertThat(again.hasVersionStages())
                    .as("its stage was taken, and stays so")
                    .isFalse();
            assertThat(stages()).hasSize(2).containsEntry(first, List.of("AWSCURRENT"));
        }

        @Test
        void theSameTokenWithAnotherValueIsRefused() {
            created("none");
            String token = token();
            putAs(token, "attempt", "AWSPENDING");
            assertThatThrownBy(() -> putAs(token, "other", "AWSPENDING")).isInstanceOf(ResourceExistsException.class);
            assertThatThrownBy(() -> secrets.putSecretValue(r -> r.secretId(name)
                            .clientRequestToken(token)
                            .secretBinary(SdkBytes.fromUtf8String("attempt"))))
                    .isInstanceOf(ResourceExistsException.class);
            assertThat(secrets.getSecretValue(r -> r.secretId(name).versionId(token))
                            .secretString())
                    .isEqualTo("attempt");
        }

        @Test
        void ofTwoAtOnceWithOneTokenAndTwoValuesOneWins() throws Exception {
            for (int round = 0; round < 20; round++) {
                name = "race/" + UUID.randomUUID();
                created("none");
                String token = token();
                int runs = 4;
                CyclicBarrier together = new CyclicBarrier(runs);
                try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    List<Future<Boolean>> answers = threads.invokeAll(IntStream.range(0, runs)
                            .<Callable<Boolean>>mapToObj(run -> () -> {
                                together.await();
                                try {
                                    putAs(token, "attempt of " + run, "AWSPENDING");
                                    return true;
                                } catch (ResourceExistsException e) {
                                    return false;
                                }
                            })
                            .toList());
                    List<Integer> winners = new ArrayList<>();
                    for (int run = 0; run < runs; run++) {
                        if (answers.get(run).get()) {
                            winners.add(run);
                        }
                    }
                    assertThat(winners).hasSize(1);
                    assertThat(secrets.getSecretValue(r -> r.secretId(name).versionStage("AWSPENDING"))
                                    .secretString())
                            .isEqualTo("attempt of " + winners.getFirst());
                }
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {31, 65})
        void aTokenHas32To64Characters(int length) {
            created("none");
            assertThatThrownBy(() -> putAs("t".repeat(length), "x", "AWSPENDING"))
                    .isInstanceOf(InvalidParameterException.class);
            assertThatCode(() -> putAs("t".repeat(32), "x", "AWSPENDING")).doesNotThrowAnyException();
            assertThatCode(() -> putAs("t".repeat(64), "x", "AWSPENDING")).doesNotThrowAnyException();
        }

        @Test
        void aValueHasOneTo65536Bytes() {
            created("none");
            put("v".repeat(65_536), "AWSPENDING");
            assertThatThrownBy(() -> put("v".repeat(65_537))).isInstanceOf(InvalidParameterException.class);
            assertThatThrownBy(() -> put("ä".repeat(32_769))).isInstanceOf(InvalidParameterException.class);
            assertThatThrownBy(() -> put("")).isInstanceOf(InvalidParameterException.class);
            assertThatThrownBy(() -> secrets.putSecretValue(r -> r.secretId(name)))
                    .isInstanceOf(InvalidParameterException.class);
            assertThatThrownBy(() -> secrets.putSecretValue(
                            r -> r.secretId(name).secretString("a").secretBinary(SdkBytes.fromUtf8String("a"))))
                    .isInstanceOf(InvalidParameterException.class);
        }

        @Test
        void aSecretHasAtMost20Stages() {
            created("none");
            put("a", IntStream.range(0, 19).mapToObj(i -> "stage" + i).toArray(String[]::new));
            assertThatThrownBy(() -> put("b", "one too many")).isInstanceOf(LimitExceededException.class);
            assertThatThrownBy(() -> secrets.updateSecretVersionStage(r -> r.secretId(name)
                            .versionStage("one too many")
                            .moveToVersionId(secrets.getSecretValue(g -> g.secretId(name))
                                    .versionId())))
                    .isInstanceOf(LimitExceededException.class);
            put("b", "stage0");
        }

        @Test
        void a101stVersionWithinADayIsRefusedAndLaterTakesTheOldestOnesPlace() {
            String first = created("none");
            String second = put("1", "AWSPENDING").versionId();
            for (int i = 2; i < 100; i++) {
                put("" + i, "AWSPENDING");
            }
            assertThatThrownBy(() -> put("100", "AWSPENDING")).isInstanceOf(LimitExceededException.class);
            clock.advance(Duration.ofHours(24).plusMillis(1));
            put("100", "AWSPENDING");
            assertThat(versions(true)).hasSize(100).contains(first).doesNotContain(second);
            assertThat(current()).isEqualTo("none");
        }

        @Test
        void noSecretNoVersion() {
            assertThatThrownBy(() -> put("x")).isInstanceOf(ResourceNotFoundException.class);
        }
    }

    @Nested
    class GetSecretValue {
        @Test
        void aVersionIsFoundByIdOrStage() {
            String first = created("a");
            put("b");
            assertThat(secrets.getSecretValue(r -> r.secretId(name).versionId(first))
                            .secretString())
                    .isEqualTo("a");
            assertThat(secrets.getSecretValue(r -> r.secretId(name).versionStage("AWSPREVIOUS"))
                            .secretString())
                    .isEqualTo("a");
            assertThat(secrets.getSecretValue(
                                    r -> r.secretId(name).versionId(first).versionStage("AWSPREVIOUS"))
                            .secretString())
                    .isEqualTo("a");
        }

        @Test
        void aDeprecatedVersionIsFoundById() {
            created("none");
            String deprecated = put("one", "AWSPENDING").versionId();
            put("two", "AWSPENDING");
            GetSecretValueResponse value =
                    secrets.getSecretValue(r -> r.secretId(name).versionId(deprecated));
            assertThat(value.secretString()).isEqualTo("one");
            assertThat(value.hasVersionStages()).isFalse();
        }

        @Test
        void idAndStageMustMeanTheSame() {
            String first = created("a");
            put("b");
            assertThatThrownBy(() -> secrets.getSecretValue(
                            r -> r.secretId(name).versionId(first).versionStage("AWSCURRENT")))
                    .isInstanceOf(InvalidRequestException.class);
        }

        @Test
        void whatIsNotThereIsNotFound() {
            assertThatThrownBy(() -> secrets.getSecretValue(r -> r.secretId(name)))
                    .isInstanceOf(ResourceNotFoundException.class);
            created("a");
            assertThatThrownBy(
                            () -> secrets.getSecretValue(r -> r.secretId(name).versionStage("AWSPENDING")))
                    .isInstanceOf(ResourceNotFoundException.class)
                    .hasMessageContaining("staging label: AWSPENDING");
            assertThatThrownBy(
                            () -> secrets.getSecretValue(r -> r.secretId(name).versionId(token())))
                    .isInstanceOf(ResourceNotFoundException.class);
        }

        @Test
        void aSecretGoesByNameCompleteArnAndPartialArn() {
            String arn = aws.createSecret(name, Optional.of("a"));
            String partial = arn.substring(0, arn.length() - 7);
            for (String id : new String[] {name, arn, partial}) {
                assertThat(secrets.getSecretValue(r -> r.secretId(id)).arn()).isEqualTo(arn);
            }
            for (String id : new String[] {
                name + arn.substring(arn.length() - 7),
                partial + "-aaaaa",
                partial + "-zzzzzz",
                arn.replace("eu-central-1", "us-east-1"),
                partial.replace("eu-central-1", "us-east-1")
            }) {
                assertThatThrownBy(() -> secrets.getSecretValue(r -> r.secretId(id)))
                        .isInstanceOf(ResourceNotFoundException.class);
            }
        }

        @Test
        void aPartialArnThatEndsLikeACompleteOneIsTakenForComplete() {
            String arn = aws.createSecret("ends-in-ABCdef", Optional.of("a"));
            String partial = arn.substring(0, arn.length() - 7);
            assertThat(secrets.getSecretValue(r -> r.secretId(arn)).arn()).isEqualTo(arn);
            assertThatThrownBy(() -> secrets.getSecretValue(r -> r.secretId(partial)))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
    }

    @Nested
    class UpdateSecretVersionStage {
        @Test
        void currentMovesFromTheVersionNamedAndPreviousFollows() {
            String none = created("none");
            String attempt = put("attempt", "AWSPENDING").versionId();
            move("AWSCURRENT", none, attempt);
            assertThat(stages())
                    .isEqualTo(Map.of(none, List.of("AWSPREVIOUS"), attempt, List.of("AWSCURRENT", "AWSPENDING")));
            assertThat(current()).isEqualTo("attempt");
        }

        @Test
        void currentMovesBackToPreviousAndTheTwoChangePlaces() {
            String first = created("a");
            String second = put("b").versionId();
            move("AWSCURRENT", second, first);
            assertThat(stages()).isEqualTo(Map.of(first, List.of("AWSCURRENT"), second, List.of("AWSPREVIOUS")));
        }

        @Test
        void aMoveToItsOwnHolderChangesNothing() {
            String first = created("a");
            String second = put("b").versionId();
            move("AWSCURRENT", second, second);
            move("AWSCURRENT", null, second);
            assertThat(stages()).isEqualTo(Map.of(first, List.of("AWSPREVIOUS"), second, List.of("AWSCURRENT")));
        }

        @Test
        void theHolderMustBeNamed() {
            String none = created("none");
            String attempt = put("attempt", "AWSPENDING").versionId();
            assertThatThrownBy(() -> move("AWSCURRENT", null, attempt))
                    .isInstanceOf(InvalidParameterException.class)
                    .hasMessageContaining(none);
            assertThatThrownBy(() -> move("AWSCURRENT", attempt, attempt))
                    .isInstanceOf(InvalidParameterException.class);
            assertThatThrownBy(() -> move("AWSCURRENT", token(), attempt))
                    .isInstanceOf(InvalidParameterException.class);
            assertThat(stages()).isEqualTo(Map.of(none, List.of("AWSCURRENT"), attempt, List.of("AWSPENDING")));
        }

        @Test
        void ofTwoMovesFromTheSameVersionTheSecondIsRefused() {
            String none = created("none");
            String one = put("one", "AWSPENDING").versionId();
            String two = put("two", "AWSPENDING").versionId();
            move("AWSCURRENT", none, one);
            assertThatThrownBy(() -> move("AWSCURRENT", none, two)).isInstanceOf(InvalidParameterException.class);
            assertThat(current()).isEqualTo("one");
        }

        @Test
        void aStageThatNobodyHoldsIsAddedWithoutComparing() {
            String none = created("none");
            move("kept", null, none);
            assertThat(stages()).isEqualTo(Map.of(none, List.of("AWSCURRENT", "kept")));
            assertThatThrownBy(() -> move("other", none, none)).isInstanceOf(InvalidParameterException.class);
            move("kept", null, none);
            assertThat(stages()).isEqualTo(Map.of(none, List.of("AWSCURRENT", "kept")));
        }

        @Test
        void aStageIsTakenOffAndTheVersionIsDeprecated() {
            String none = created("none");
            String attempt = put("attempt", "AWSPENDING").versionId();
            move("AWSPENDING", attempt, null);
            assertThat(stages()).isEqualTo(Map.of(none, List.of("AWSCURRENT")));
            assertThat(versions(false)).containsExactly(none);
            assertThat(versions(true)).containsExactly(attempt, none);
        }

        @Test
        void currentIsNeverTakenOffWithoutAnother() {
            String none = created("none");
            assertThatThrownBy(() -> move("AWSCURRENT", none, null)).isInstanceOf(InvalidParameterException.class);
            assertThatThrownBy(() -> move("AWSCURRENT", null, null)).isInstanceOf(InvalidParameterException.class);
            assertThat(current()).isEqualTo("none");
        }

        @Test
        void aVersionThatIsNotThereIsNotFound() {
            String none = created("none");
            assertThatThrownBy(() -> move("AWSCURRENT", none, token())).isInstanceOf(ResourceNotFoundException.class);
        }

        private void move(String stage, @Nullable String from, @Nullable String to) {
            secrets.updateSecretVersionStage(r -> r.secretId(name)
                    .versionStage(stage)
                    .removeFromVersionId(from)
                    .moveToVersionId(to));
        }
    }

    @Nested
    class DescribeAndList {
        @Test
        void aSecretIsDescribedWithoutItsValue() {
            clock.advance(Duration.ofSeconds(5));
            Instant made = clock.instant();
            String arn = secrets.createSecret(
                            r -> r.name(name).description("nightly").kmsKeyId("alias/wrap"))
                    .arn();
            clock.advance(Duration.ofSeconds(5));
            String version = put("a").versionId();
            DescribeSecretResponse secret = secrets.describeSecret(r -> r.secretId(name));
            assertThat(secret.arn()).isEqualTo(arn);
            assertThat(secret.description()).isEqualTo("nightly");
            assertThat(secret.kmsKeyId()).isEqualTo("alias/wrap");
            assertThat(secret.createdDate()).isEqualTo(made);
            assertThat(secret.lastChangedDate()).isEqualTo(clock.instant());
            assertThat(secret.deletedDate()).isNull();
            assertThat(secret.versionIdsToStages()).isEqualTo(Map.of(version, List.of("AWSCURRENT")));
        }

        @Test
        void versionsAreListedPageByPage() {
            List<String> made = new ArrayList<>(List.of(created("0")));
            for (int i = 1; i < 5; i++) {
                made.addFirst(put("" + i).versionId());
            }
            List<String> listed = new ArrayList<>();
            int pages = 0;
            for (ListSecretVersionIdsResponse page : secrets.listSecretVersionIdsPaginator(
                    r -> r.secretId(name).maxResults(2).includeDeprecated(true))) {
                page.versions().stream().map(SecretVersionsListEntry::versionId).forEach(listed::add);
                pages++;
            }
            assertThat(listed).isEqualTo(made);
            assertThat(pages).isEqualTo(3);
            assertThat(versions(false)).isEqualTo(made.subList(0, 2));
            assertThatThrownBy(() ->
                            secrets.listSecretVersionIds(r -> r.secretId(name).nextToken("nowhere")))
                    .isInstanceOf(InvalidNextTokenException.class);
            assertThatThrownBy(() ->
                            secrets.listSecretVersionIds(r -> r.secretId(name).maxResults(101)))
                    .isInstanceOf(InvalidParameterException.class);
        }
    }

    @Nested
    class DeleteSecret {
        @Test
        void inItsRecoveryWindowASecretAnswersNothingButCanBeRestored() {
            String version = created("a");
            assertThat(secrets.deleteSecret(r -> r.secretId(name).recoveryWindowInDays(7L))
                            .deletionDate())
                    .isEqualTo(clock.instant().plus(Duration.ofDays(7)));
            assertThatThrownBy(() -> secrets.getSecretValue(r -> r.secretId(name)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("marked for deletion");
            assertThatThrownBy(() -> put("b")).isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> secrets.updateSecretVersionStage(
                            r -> r.secretId(name).versionStage("x").moveToVersionId(version)))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> secrets.createSecret(r -> r.name(name)))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> secrets.deleteSecret(r -> r.secretId(name)))
                    .isInstanceOf(InvalidRequestException.class);
            assertThat(secrets.describeSecret(r -> r.secretId(name)).deletedDate())
                    .isEqualTo(clock.instant().plus(Duration.ofDays(7)));

            secrets.restoreSecret(r -> r.secretId(name));
            assertThat(current()).isEqualTo("a");
        }

        @Test
        void afterItsRecoveryWindowItIsGoneAndTheNameFree() {
            String arn = aws.createSecret(name, Optional.of("a"));
            secrets.deleteSecret(r -> r.secretId(arn));
            clock.advance(Duration.ofDays(30));
            assertThatThrownBy(() -> secrets.restoreSecret(r -> r.secretId(arn)))
                    .isInstanceOf(ResourceNotFoundException.class);
            assertThat(aws.createSecret(name, Optional.of("b"))).isNotEqualTo(arn);
            assertThatThrownBy(() -> secrets.getSecretValue(r -> r.secretId(arn)))
                    .isInstanceOf(ResourceNotFoundException.class);
        }

        @Test
        void byForceItIsGoneAtOnce() {
            created("a");
            secrets.deleteSecret(r -> r.secretId(name).forceDeleteWithoutRecovery(true));
            assertThatThrownBy(() -> secrets.describeSecret(r -> r.secretId(name)))
                    .isInstanceOf(ResourceNotFoundException.class);
        }

        @Test
        void theWindowHas7To30DaysAndForceHasNone() {
            created("a");
            for (long days : new long[] {6, 31}) {
                assertThatThrownBy(
                                () -> secrets.deleteSecret(r -> r.secretId(name).recoveryWindowInDays(days)))
                        .isInstanceOf(InvalidParameterException.class);
            }
            assertThatThrownBy(() -> secrets.deleteSecret(
                            r -> r.secretId(name).recoveryWindowInDays(7L).forceDeleteWithoutRecovery(true)))
                    .isInstanceOf(InvalidParameterException.class);
        }
    }

    @Test
    void whatTheStandInHasNotIsRefusedAloud() {
        assertThatThrownBy(() -> secrets.listSecrets())
                .isInstanceOfSatisfying(
                        SecretsManagerException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("UnknownOperationException"));
    }

    @Test
    void theRequestIsRecordedWithoutItsValue() {
        created("a");
        String token = token();
        putAs(token, "a secret value", "AWSPENDING");
        RecordedRequest put = aws.requests().getLast();
        assertThat(put)
                .isEqualTo(new RecordedRequest(
                        clock.instant(),
                        Operation.PUT_SECRET_VALUE,
                        SdkClients.ACCESS_KEY_ID,
                        Optional.of(name),
                        Optional.of(token),
                        Optional.empty(),
                        Map.of()));
        secrets.getSecretValue(r -> r.secretId(name).versionStage("AWSPENDING"));
        assertThat(aws.requests().getLast().versionStage()).hasValue("AWSPENDING");
        assertThat(aws.requests().toString()).doesNotContain("a secret value");
        assertThat(new Secret.Value.Text("a secret value")).hasToString("<redacted>");
        assertThat(new Secret.Value.Binary("a secret value")).hasToString("<redacted>");
    }

    /** The id of the new secret's first version. */
    private String created(String value) {
        return secrets.createSecret(r -> r.name(name).secretString(value)).versionId();
    }

    private PutSecretValueResponse put(String value) {
        return secrets.putSecretValue(r -> r.secretId(name).secretString(value));
    }

    /** At these stages, under a new token. */
    private PutSecretValueResponse put(String value, String... stages) {
        return putAs(token(), value, stages);
    }

    private PutSecretValueResponse putAs(String token, String value, String... stages) {
        return secrets.putSecretValue(r ->
                r.secretId(name).clientRequestToken(token).secretString(value).versionStages(stages));
    }

    private String current() {
        return secrets.getSecretValue(r -> r.secretId(name)).secretString();
    }

    private Map<String, List<String>> stages() {
        return secrets.describeSecret(r -> r.secretId(name)).versionIdsToStages();
    }

    private List<String> versions(boolean deprecatedToo) {
        return secrets.listSecretVersionIds(r -> r.secretId(name).includeDeprecated(deprecatedToo)).versions().stream()
                .map(SecretVersionsListEntry::versionId)
                .toList();
    }

    private static String token() {
        return UUID.randomUUID().toString();
    }
}
