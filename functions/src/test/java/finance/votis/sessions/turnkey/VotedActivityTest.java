package finance.votis.sessions.turnkey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.runtime.Json;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class VotedActivityTest {

    private static final String STAMPED = "02f739f8c77b32f4d5f13265861febd76e7a9c61a1140d296b8c16302508870316";
    private static final String REGISTERED = "03bf162576eb8dfecf33d9275d09595284f6c4df0db6156c3c582777886a0ee0ac";

    /** Else a thief who writes the key in another way would be nobody. */
    @Test
    void keysAreTheSameInWhateverCaseTheyAreWritten() throws Exception {
        String activity = """
                {"id":"00000000-0000-4000-8000-0000000000f1","organizationId":"00000000-0000-4000-8000-00000000000a",
                "type":"ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION","status":"ACTIVITY_STATUS_COMPLETED",
                "createdAt":{"seconds":"1795467600","nanos":"0"},
                "votes":[{"publicKey":"%s","user":{"apiKeys":[{"credential":{"publicKey":"%s"}}]}}]}
                """.formatted(upperCase(STAMPED), upperCase(REGISTERED));

        assertThat(VotedActivity.read(Json.object(activity.getBytes(UTF_8)).orElseThrow())
                        .votersKeys())
                .containsExactlyInAnyOrder(STAMPED, REGISTERED);
    }

    private static String upperCase(String hex) {
        return hex.toUpperCase(Locale.ROOT);
    }
}
