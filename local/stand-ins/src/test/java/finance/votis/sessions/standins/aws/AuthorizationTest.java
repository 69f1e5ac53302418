package finance.votis.sessions.standins.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.iam.Identities;
import finance.votis.sessions.standins.iam.Policy;
import finance.votis.sessions.standins.iam.Verdict;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Who asks is known by the access key, and what they may by policies; AWS's own SDK asks. */
class AuthorizationTest {
    private static final String ROLE = "arn:aws:iam::111122223333:role/JobRole";
    private static final String JOB = "LOCALJOB00000000";
    private static final String OPERATOR = "LOCALOPERATOR0000";
    private static final Map<String, String> CONTEXT = Map.of("app", "sessions", "purpose", "credential");
    private static final SdkBytes TEXT = SdkBytes.fromUtf8String("text");

    private final Identities identities = new Identities();
    private final AwsStandIn aws = AwsStandIn.start(
            BlockingHttpServer.anyPort(), new TestClock(Instant.EPOCH), new SecureRandom(), identities);
    private final KmsClient jobsKms = SdkClients.kms(aws.url(), JOB);
    private final SecretsManagerClient jobsSecrets = SdkClients.secretsManager(aws.url(), JOB);
    private final KmsClient operatorsKms = SdkClients.kms(aws.url(), OPERATOR);
    private final SecretsManagerClient operatorsSecrets = SdkClients.secretsManager(aws.url(), OPERATOR);

    @BeforeEach
    void administrator() {
        identities.addUser(
                "arn:aws:iam::111122223333:user/operator",
                List.of(Policy.ofIdentity(document("{'Effect':'Allow','Action':'*','Resource':'*'}"))),
                OPERATOR);
    }

    @AfterEach
    void close() {
        jobsKms.close();
        jobsSecrets.close();
        operatorsKms.close();
        operatorsSecrets.close();
        aws.close();
    }

    @Test
    void anAccessKeyThatNobodyHasIsRefused() {
        assertError(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
                () -> jobsSecrets.listSecretVersionIds(request -> request.secretId("any")));
    }

    @Test
    void aKeyWithoutAPolicyOfItsOwnIsLeftToTheAccount() {
        String key = aws.createKey("alias/key");
        job(document("{'Effect':'Allow','Action':'kms:Encrypt','Resource':'" + key + "'}"));

        assertThatCode(() -> jobsKms.encrypt(request -> request.keyId(key).plaintext(TEXT)))
                .doesNotThrowAnyException();
        assertDenied(
                "kms:Decrypt on resource: " + key + " because no identity-based policy allows the kms:Decrypt action",
                () -> jobsKms.decrypt(request -> request.ciphertextBlob(sealed(key, Map.of()))));
    }

    @Test
    void aKeysPolicySaysWhoUnwrapsAndInWhichContext() {
        String key = aws.createKey("alias/key");
        SdkBytes right = sealed(key, CONTEXT);
        Map<String, String> otherContext = Map.of("app", "sessions", "purpose", "attempt");
        SdkBytes other = sealed(key, otherContext);
        job(document("{'Effect':'Allow','Action':'*','Resource':'*'}"));
        aws.setKeyPolicy(
                key,
                Policy.ofKey(document(
                        "{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111122223333:root'},'Action':['kms:DescribeKey'],'Resource':'*'},"
                                + "{'Effect':'Allow','Principal':{'AWS':'" + ROLE
                                + "'},'Action':'kms:Decrypt','Resource':'*','Condition':{'StringEquals':{'kms:EncryptionContext:purpose':'credential'},"
                                + "'ForAllValues:StringEquals':{'kms:EncryptionContextKeys':['app','purpose']}}}")));

        assertThat(jobsKms.decrypt(request -> request.ciphertextBlob(right).encryptionContext(CONTEXT))
                        .plaintext())
                .isEqualTo(TEXT);
        assertDenied(
                "kms:Decrypt on resource: " + key + " because no resource-based policy allows the kms:Decrypt action",
                () -> jobsKms.decrypt(request ->
                        request.keyId("alias/key").ciphertextBlob(other).encryptionContext(otherContext)));
        assertDenied(
                "kms:Decrypt",
                () -> jobsKms.decrypt(request -> request.ciphertextBlob(right)
                        .encryptionContext(Map.of("app", "sessions", "purpose", "credential", "third", "one"))));
        assertDenied(
                "kms:Encrypt",
                () -> jobsKms.encrypt(
                        request -> request.keyId(key).plaintext(TEXT).encryptionContext(CONTEXT)));
        assertThatThrownBy(() -> operatorsKms.decrypt(
                        request -> request.ciphertextBlob(right).encryptionContext(CONTEXT)))
                .hasMessageStartingWith(
                        "User: arn:aws:iam::111122223333:user/operator is not authorized to perform: kms:Decrypt");
        assertThat(operatorsKms
                        .describeKey(request -> request.keyId(key))
                        .keyMetadata()
                        .enabled())
                .isTrue();
        assertDenied(
                "kms:DisableKey",
                "arn:aws:iam::111122223333:user/operator",
                () -> operatorsKms.disableKey(request -> request.keyId(key)));
    }

    @Test
    void aConditionOnHowIsSignedHolds() {
        String key = aws.createSigningKey("alias/signing");
        job(
                document(
                        "{'Effect':'Allow','Action':'kms:Sign','Resource':'" + key
                                + "','Condition':{'StringEquals':{'kms:SigningAlgorithm':'ECDSA_SHA_256','kms:MessageType':'DIGEST'}}}"));
        SdkBytes digest = SdkBytes.fromByteArray(new byte[32]);

        assertThatCode(() -> jobsKms.sign(request -> request.keyId(key)
                        .message(digest)
                        .messageType(MessageType.DIGEST)
                        .signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)))
                .doesNotThrowAnyException();
        // Left out, it is RAW.
        assertDenied(
                "kms:Sign",
                () -> jobsKms.sign(request ->
                        request.keyId(key).message(digest).signingAlgorithm(SigningAlgorithmSpec.ECDSA_SHA_256)));
        assertDenied("kms:GetPublicKey", () -> jobsKms.getPublicKey(request -> request.keyId(key)));
    }

    @Test
    void aConditionOnTheStageOfASecretHolds() {
        String secret = aws.createSecret("session", Optional.of("text"));
        String other = aws.createSecret("other", Optional.of("text"));
        job(document("{'Effect':'Allow','Action':'secretsmanager:GetSecretValue','Resource':'" + secret
                + "','Condition':{'StringEquals':{'secretsmanager:VersionStage':'AWSCURRENT'}}}"));

        for (String id : List.of(secret, "session")) {
            assertThat(jobsSecrets
                            .getSecretValue(request -> request.secretId(id).versionStage("AWSCURRENT"))
                            .secretString())
                    .isEqualTo("text");
        }
        String because = "because no identity-based policy allows the secretsmanager:GetSecretValue action";
        assertDenied(
                "secretsmanager:GetSecretValue on resource: " + secret + " " + because,
                () -> jobsSecrets.getSecretValue(request -> request.secretId("session")));
        assertDenied(
                because,
                () -> jobsSecrets.getSecretValue(
                        request -> request.secretId(other).versionStage("AWSCURRENT")));
        assertDenied(
                "secretsmanager:PutSecretValue",
                () -> jobsSecrets.putSecretValue(
                        request -> request.secretId(secret).secretString("new")));
    }

    @Test
    void whoMayNotAskIsNotToldWhetherThereIsSuchASecret() {
        job(document("{'Effect':'Allow','Action':'kms:Decrypt','Resource':'*'}"));

        assertDenied(
                "on resource: arn:aws:secretsmanager:eu-central-1:111122223333:secret:nothing",
                () -> jobsSecrets.getSecretValue(request -> request.secretId("nothing")));
        assertThatThrownBy(() -> operatorsSecrets.getSecretValue(request -> request.secretId("nothing")))
                .hasMessageContaining("can't find the specified secret");
    }

    @Test
    void toMakeAKeyAndToNameItAreRightsToo() {
        String key = aws.createKey("alias/key");
        job(document("{'Effect':'Allow','Action':'kms:DescribeKey','Resource':'*'}"));

        assertDenied("kms:CreateKey on resource: *", () -> jobsKms.createKey());
        assertDenied(
                "kms:CreateAlias on resource: arn:aws:kms:eu-central-1:111122223333:alias/mine",
                () -> jobsKms.createAlias(
                        request -> request.aliasName("alias/mine").targetKeyId(key)));
        assertThatCode(() -> operatorsKms.createAlias(
                        request -> request.aliasName("alias/mine").targetKeyId(key)))
                .doesNotThrowAnyException();
    }

    @Test
    void aRoleIsTakenByTheServicesThatItTrustsAlone() {
        job(document("{'Effect':'Allow','Action':'*','Resource':'*'}"));

        assertThat(identities.assumeRole("scheduler.amazonaws.com", ROLE, "job", "LOCALOTHER000000"))
                .isInstanceOf(Verdict.Denied.class);
        assertThat(identities.caller("LOCALOTHER000000")).isEmpty();
    }

    private void job(String policy) {
        identities.addRole(
                ROLE,
                Policy.ofTrust(document(
                        "{'Effect':'Allow','Principal':{'Service':'lambda.amazonaws.com'},'Action':'sts:AssumeRole'}")),
                List.of(Policy.ofIdentity(policy)));
        assertThat(identities.assumeRole("lambda.amazonaws.com", ROLE, "job", JOB))
                .isEqualTo(new Verdict.Allowed());
    }

    private SdkBytes sealed(String key, Map<String, String> context) {
        return operatorsKms
                .encrypt(request -> request.keyId(key).plaintext(TEXT).encryptionContext(context))
                .ciphertextBlob();
    }

    private static String document(String statements) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements.replace('\'', '"') + "]}";
    }

    private static void assertDenied(String what, ThrowingCallable call) {
        assertDenied(what, "arn:aws:sts::111122223333:assumed-role/JobRole/job", call);
    }

    private static void assertDenied(String what, String who, ThrowingCallable call) {
        assertError("AccessDeniedException", "User: " + who + " is not authorized to perform: ", call);
        assertThatThrownBy(call).hasMessageContaining(what);
    }

    private static void assertError(String type, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.statusCode()).isEqualTo(400);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(type);
            assertThat(e.awsErrorDetails().errorMessage()).startsWith(message);
        });
    }
}
