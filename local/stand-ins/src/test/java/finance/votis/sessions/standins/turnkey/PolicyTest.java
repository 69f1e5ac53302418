package finance.votis.sessions.standins.turnkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import finance.votis.sessions.standins.turnkey.Expression.Facts;
import finance.votis.sessions.standins.turnkey.Expression.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of the policy language that is understood, and the files that are written in it. */
class PolicyTest {
    private static final Facts FACTS = new Facts(
            Map.of(
                    "approvers", List.of(Map.of("id", "ada"), Map.of("id", "bob")),
                    "credentials", List.of(Map.of("type", "API"))),
            Map.of("kind", "DELETE", "type", "DELETE_V2", "resource", "CREDENTIAL", "action", "DELETE"));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "approvers.any(user, user.id == 'bob'); TRUE",
                "approvers.any(user, user.id == 'eve'); FALSE",
                "approvers.any(u, u.id == 'eve' || u.id == 'ada'); TRUE",
                "approvers.any(u, u.id == 'ada' && u.id == 'bob'); FALSE",
                "approvers.any(u, u.id == 'ada') && approvers.any(u, u.id == 'bob'); TRUE",
                "credentials.any(c, c.type == 'API') && approvers.any(u, u.id == 'eve'); FALSE",
                "  credentials . any ( c , ( c . type=='API' ) )  ; TRUE",
                "credentials.any(c, c.type == 'X') || credentials.any(c, c.type == 'API'); TRUE"
            })
    void aConsensusAsksWhoApprovedAndWithWhat(String text, Outcome outcome) {
        assertThat(Expression.consensus(text).evaluate(FACTS)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "activity.kind == 'DELETE'; TRUE",
                "activity.type == 'DELETE'; FALSE",
                "activity.resource == 'CREDENTIAL' && activity.action == 'CREATE'; FALSE",
                // && binds tighter than ||
                "activity.kind == 'DELETE' || activity.kind == 'X' && activity.kind == 'X'; TRUE",
                "(activity.kind == 'DELETE' || activity.kind == 'X') && activity.kind == 'X'; FALSE",
                // an error anywhere is an error of the whole
                "activity.params.user_id == 'ada'; ERROR",
                "activity.kind == 'DELETE' || activity.params.user_id == 'ada'; ERROR",
                "activity.kind == 'X' && activity.params.user_id == 'ada'; ERROR"
            })
    void aConditionAsksTheActivityAndCutsNothingShort(String text, Outcome outcome) {
        assertThat(Expression.condition(text).evaluate(FACTS)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "true",
                "activity.kind == 'X'",
                "approvers.any(user, user.id == 'ada'",
                "approvers.any(user, user.id == 'ada'))",
                "approvers.any(user, user.id == \"ada\")",
                "approvers.any(user, user.id == 'ada)",
                "approvers.any(user, user.id != 'ada')",
                "approvers.any(user, other.id == 'ada')",
                "approvers.any(user, user.email == 'ada')",
                "approvers.any(user, user.tags.contains('x'))",
                "approvers.any(user, activity.kind == 'X')",
                "approvers.any(user, approvers.any(u, u.id == 'ada'))",
                "approvers.count() >= 2",
                "credentials.any(c, c.id == 'x')",
                "approvers.any(user, user.id == 'ada') &&",
                "approvers.any(user, user.id == 'ada') & true",
                "wallets.any(w, w.id == 'x')"
            })
    void anyOtherConsensusIsRefusedWhenItIsLoaded(String text) {
        assertThatThrownBy(() -> Expression.consensus(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "approvers.any(user, user.id == 'ada')",
                "activity.kind",
                "activity.kind == ada",
                "activity.kind = 'X'",
                "activity.kind in ['X']",
                "activity.params.target_public_key == 'x'",
                "activity.intent == 'x'",
                "wallet.id == 'x'",
                "kind == 'X'",
                "'X' == activity.kind",
                "()",
                "activity.kind == 'X' activity.kind == 'X'"
            })
    void anyOtherConditionIsRefusedWhenItIsLoaded(String text) {
        assertThatThrownBy(() -> Expression.condition(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"policyName\":\"p\",\"effect\":\"EFFECT_ALLOW\"}",
                "{\"effect\":\"EFFECT_ALLOW\",\"condition\":\"activity.kind == 'X'\"}",
                "{\"policyName\":\"p\",\"effect\":\"ALLOW\",\"condition\":\"activity.kind == 'X'\"}",
                "{\"policyName\":\"p\",\"effect\":\"EFFECT_ALLOW\",\"condition\":\"activity.kind == 'X'\",\"note\":\"\"}",
                "{\"policyName\":\"p\",\"effect\":\"EFFECT_ALLOW\",\"effect\":\"EFFECT_DENY\",\"condition\":\"activity.kind == 'X'\"}"
            })
    void aPolicyHasItsForm(String json) {
        assertThatThrownBy(() -> Policy.read(json)).isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../../docs/turnkey"))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .toList();
            assertThat(names).hasSizeGreaterThanOrEqualTo(5);
            return names.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyPolicyThatWeDocumentIsUnderstood(String file) throws IOException {
        Map<String, String> ids = Map.of("DELEGATE_USER_ID", "d", "END_USER_ID", "e", "ADMIN_USER_ID", "a");
        assertThat(Policy.read(PolicyFile.read(file, ids)).name()).isNotEmpty();
        assertThat(Files.readString(Path.of("../../docs/turnkey/README.md"))).contains(file);
    }

    @Test
    void aPlaceholderWithoutAnIdIsRefused() {
        assertThatThrownBy(() -> PolicyFile.read("delegate-creates-read-write-sessions.json", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("<DELEGATE_USER_ID>");
        assertThatThrownBy(() -> PolicyFile.read("no-such-file.json", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
