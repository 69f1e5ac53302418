package finance.votis.sessions.turnkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
    @Test
    void idsAreKeptInLowerCase() {
        assertThat(OrganizationId.parse("35E5C619-BA95-417C-BB48-B16F1543AEA0")).contains(Given.ORGANIZATION);
        assertThat(UserId.parse("071875C1-229B-4544-B2B2-028367C4C447")).contains(Given.USER);
        assertThat(ApiKeyId.parse("70630e5c-AB9B-43d2-9de5-d97f527c92e0")).contains(Given.API_KEY);
        assertThat(Given.ORGANIZATION).hasToString("35e5c619-ba95-417c-bb48-b16f1543aea0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "35e5c619ba95417cbb48b16f1543aea0",
                "35e5c619-ba95-417c-bb48-b16f1543aea",
                "35e5c619-ba95-417c-bb48-b16f1543aea00",
                "35e5c619-ba95-417c-bb48_b16f1543aea0",
                "35e5c619-ba95-417c-bb48-b16f1543aeag",
                "35e5c61-9ba95-417c-bb48-b16f1543aea0",
                " 35e5c619-ba95-417c-bb48-b16f1543aea",
                "{35e5c619-ba95-417c-bb48-b16f1543ae}",
                "\uFF135e5c619-ba95-417c-bb48-b16f1543aea"
            })
    void anythingElseIsNoId(String text) {
        assertThat(OrganizationId.parse(text)).isEmpty();
        assertThat(UserId.parse(text)).isEmpty();
        assertThat(ApiKeyId.parse(text)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId(text)).withMessageNotContaining("35e5");
    }

    @Test
    void anIdOfACallerIsMadeCanonicalByParseOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OrganizationId("35E5C619-BA95-417C-BB48-B16F1543AEA0"));
    }
}
