package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.Fingerprint;
import finance.votis.sessions.runtime.Counterpart;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.Rehearsal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Turnkey, in a rehearsal: agrees to whatever is asked. It checks nothing; the stand-in that tests run against does.
 *
 * @param publicKey in hex, of the one session key that it lists, and of whoever stamped the one activity that it lists
 * @param bundle what it gives for a target key, in hex
 */
public record RehearsedTurnkey(String publicKey, UnaryOperator<String> bundle) implements Counterpart {

    /** Of every activity. */
    public static final String ACTIVITY = "00000000-0000-4000-8000-0000000000f1";

    public static final String API_KEY = "00000000-0000-4000-8000-0000000000e1";

    /** The one of any parent. */
    public static final String SUB_ORGANIZATION = "00000000-0000-4000-8000-00000000000a";

    /** When the activity that it lists was made. */
    public static final Instant LISTED_AT = Instant.ofEpochSecond(Rehearsal.EPOCH_SECOND - 60);

    /** Whoever stamps. */
    public static final String STAMPING_USER = "00000000-0000-4000-8000-0000000000d1";

    /** From Turnkey's own published example; nobody here could open it. */
    private static final String BUNDLE =
            "w99a5xV6A75TfoAUkZn869fVyDYvgVsKrawMALZXmrauZd8hEv66EkPU1Z42CUaHESQjcA5bqd8dynTGBMLWB9ewtXWPEVbZvocB4Tw2K1vQVp7uwjf";

    private static final String ANY_KEY = "02f739f8c77b32f4d5f13265861febd76e7a9c61a1140d296b8c16302508870316";

    private static final String SECONDS = "seconds";
    private static final long LIFE = 86_400;

    /** Its bundles open for nobody. */
    public RehearsedTurnkey(String publicKey) {
        this(publicKey, target -> BUNDLE);
    }

    /** Where nobody compares the key. */
    public static RehearsedTurnkey ofAnyKey() {
        return new RehearsedTurnkey(ANY_KEY);
    }

    /** The others that a function talks to, and this one. */
    public List<Counterpart> beside(List<Counterpart> others) {
        return Stream.concat(others.stream(), Stream.of(this)).toList();
    }

    @Override
    public Set<String> variables() {
        return Set.of("TURNKEY_BASE_URL");
    }

    /** So that both ciphers are played: AWS's chooses the other. */
    @Override
    public boolean takesCallersFirstCipherSuite() {
        return true;
    }

    @Override
    public String answer(Request request) {
        byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
        ObjectNode asked = Json.object(body).orElseThrow();
        String organization = asked.path("organizationId").asText();
        return Json.text(
                switch (request.target()) {
                    case "POST /public/v1/query/whoami" ->
                        Json.newObject().put("organizationId", organization).put("userId", STAMPING_USER);
                    case "POST /public/v1/query/get_api_keys" -> apiKeys();
                    case "POST /public/v1/query/list_suborgs" -> {
                        ObjectNode answer = Json.newObject();
                        answer.putArray("organizationIds").add(SUB_ORGANIZATION);
                        yield answer;
                    }
                    case "POST /public/v1/query/list_activities" -> activities(organization);
                    case "POST /public/v1/submit/create_read_write_session" -> {
                        JsonNode parameters = asked.path("parameters");
                        // Nobody named: whoever stamps.
                        String user = parameters.path("userId").asText(STAMPING_USER);
                        yield activity(
                                asked,
                                body,
                                "createReadWriteSessionResultV2",
                                result(organization, user)
                                        .put("apiKeyId", API_KEY)
                                        .put(
                                                "credentialBundle",
                                                bundle.apply(parameters
                                                        .path("targetPublicKey")
                                                        .asText())));
                    }
                    case "POST /public/v1/submit/create_read_only_session" ->
                        activity(
                                asked,
                                body,
                                "createReadOnlySessionResult",
                                result(organization, STAMPING_USER)
                                        .put("session", "of nobody")
                                        .put("sessionExpiry", Long.toString(Rehearsal.EPOCH_SECOND + LIFE)));
                    case "POST /public/v1/submit/delete_api_keys" -> {
                        ObjectNode result = Json.newObject();
                        result.putArray("apiKeyIds").add(API_KEY);
                        yield activity(asked, body, "deleteApiKeysResult", result);
                    }
                    default -> throw new ExplainedException("a rehearsal asks Turnkey for " + request.target());
                });
    }

    private static ObjectNode result(String organization, String user) {
        return Json.newObject().put("organizationId", organization).put("userId", user);
    }

    private static ObjectNode activity(ObjectNode asked, byte[] body, String resultName, ObjectNode result) {
        ObjectNode activity = activity(
                        asked.path("organizationId").asText(),
                        asked.path("type").asText(),
                        Rehearsal.EPOCH_SECOND)
                .put("fingerprint", Fingerprint.of(body));
        activity.putObject("result").set(resultName, result);
        ObjectNode answer = Json.newObject();
        answer.set("activity", activity);
        return answer;
    }

    private static ObjectNode activity(String organization, String type, long createdAt) {
        ObjectNode activity = Json.newObject()
                .put("id", ACTIVITY)
                .put("organizationId", organization)
                .put("type", type)
                .put("status", "ACTIVITY_STATUS_COMPLETED");
        activity.set("createdAt", time(createdAt));
        return activity;
    }

    private ObjectNode activities(String organization) {
        ObjectNode activity =
                activity(organization, "ACTIVITY_TYPE_CREATE_READ_ONLY_SESSION", LISTED_AT.getEpochSecond());
        activity.putArray("votes").addObject().put("publicKey", publicKey);
        ObjectNode answer = Json.newObject();
        answer.putArray("activities").add(activity);
        return answer;
    }

    private ObjectNode apiKeys() {
        ObjectNode answer = Json.newObject();
        ObjectNode key = answer.putArray("apiKeys")
                .addObject()
                .put("apiKeyId", API_KEY)
                .put("apiKeyName", "Client session")
                .put("expirationSeconds", Long.toString(LIFE));
        key.putObject("credential")
                .put("publicKey", publicKey)
                .put("type", "CREDENTIAL_TYPE_READ_WRITE_SESSION_KEY_P256");
        key.set("createdAt", time(Rehearsal.EPOCH_SECOND));
        return answer;
    }

    private static ObjectNode time(long second) {
        return Json.newObject().put(SECONDS, Long.toString(second)).put("nanos", "0");
    }
}
