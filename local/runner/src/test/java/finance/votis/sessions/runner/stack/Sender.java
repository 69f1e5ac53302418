package finance.votis.sessions.runner.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.runner.EventFile;
import finance.votis.sessions.standins.passkey.SoftwarePasskey;
import finance.votis.sessions.standins.turnkey.ApiKey;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.KeyPair;
import finance.votis.sessions.standins.turnkey.World;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sends the files of {@code events/} in this world and at this time: a customer of its own with its ids, times moved, stamps made anew.
 *
 * @param other whose ids are not the caller's
 * @param sessionId of the session that the files name
 * @param device stamps for the relay, with another session
 */
record Sender(World world, DemoWorld.Customer customer, DemoWorld.Customer other, String sessionId, KeyPair device) {
    private static final String SESSION = "00000000-0000-4000-8000-0000000000e1";
    private static final Duration LIFE = Duration.ofHours(1);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern MILLIS = Pattern.compile("(?<=\"timestampMs\":\")\\d+(?=\")");
    private static final Pattern INSTANT = Pattern.compile("(?<=\"requestedAt\":\")[^\"]+(?=\")");

    /** One more customer of the stack's company, with its sessions. */
    static Sender joining(RunningStack stack) {
        World world = stack.turnkey().world();
        Sender sender = new Sender(
                world,
                stack.addCustomer("Sender"),
                stack.turnkey().demo().second(),
                world.newId(),
                KeyPair.generate(RANDOM));
        sender.renewSessions();
        return sender;
    }

    /** Makes those again that are no more: an event may have ended them. */
    void renewSessions() {
        String user = customer.userId();
        List<ApiKey> keys = world.apiKeys(user);
        if (keys.stream().noneMatch(key -> key.id().equals(sessionId))) {
            world.addSessionKey(
                    user, sessionId, "tablet", KeyPair.generate(RANDOM).publicKey(), LIFE);
        }
        if (keys.stream().noneMatch(key -> key.publicKey().equals(device.publicKey()))) {
            world.addSessionKey(user, world.newId(), "phone", device.publicKey(), LIFE);
        }
    }

    /** The input of a run has only ids; what a route is sent is of a time, and may be stamped. */
    String event(EventFile file, Instant now) throws Exception {
        ObjectNode event = (ObjectNode) JSON.readTree(
                new DemoIds(customer.organizationId(), customer.userId(), other.organizationId(), other.userId())
                        .in(file.text())
                        .replace(SESSION, sessionId));
        if (event.hasNonNull("body")) {
            Instant then =
                    Instant.ofEpochMilli(event.at("/requestContext/timeEpoch").asLong());
            String body = later(event.path("body").asText(), Duration.between(then, now));
            event.put("body", body);
            ObjectNode headers = event.withObject("/headers");
            if (!event.path("isBase64Encoded").asBoolean()) {
                // A time may be written longer than it was.
                headers.put("content-length", Integer.toString(body.length()));
            }
            stamp(headers, body.getBytes(StandardCharsets.UTF_8), JSON.readTree(file.text()));
        }
        return event.toString();
    }

    private static String later(String body, Duration by) {
        String moved = MILLIS.matcher(body)
                .replaceAll(millis -> Long.toString(Long.parseLong(millis.group()) + by.toMillis()));
        return INSTANT.matcher(moved)
                .replaceAll(time -> Instant.parse(time.group()).plus(by).toString());
    }

    /** What is stamped rightly in the file is stamped rightly again; what is not stays wrong. */
    private void stamp(ObjectNode headers, byte[] body, JsonNode file) throws Exception {
        if (headers.has("x-stamp")) {
            Stamp stamp = Stamp.parse(headers.path("x-stamp").asText());
            if (stamp.signs(file.path("body").asText().getBytes(StandardCharsets.UTF_8))) {
                headers.put("x-stamp", device.stamper().stamp(body).headerValue());
            }
        }
        if (headers.has("x-stamp-webauthn")) {
            SoftwarePasskey nobodys = SoftwarePasskey.create(customer.passkey().rpId(), RANDOM);
            headers.put("x-stamp-webauthn", nobodys.stamp(body, DemoWorld.ORIGIN));
        }
    }
}
