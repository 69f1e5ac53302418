package finance.votis.sessions.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.crypto.Stamper;
import finance.votis.sessions.server.ServerSessionReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** An admin job that speaks HTTP to Turnkey itself. Documented in {@code docs/operations.md}. */
public final class NightlyJob {

    private NightlyJob() {}

    public static HttpResponse<String> usersOf(
            ServerSessionReader session, HttpClient http, URI turnkey, String organizationId)
            throws IOException, InterruptedException {
        byte[] body = ("{\"organizationId\":\"" + organizationId + "\"}").getBytes(UTF_8);
        URI listUsers = turnkey.resolve("/public/v1/query/list_users");
        Stamper stamper = session.stamper();

        Stamp stamp = stamper.stamp(body);
        HttpResponse<String> answer = http.send(post(listUsers, body, stamp), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 401 && session.readAgain(stamp.publicKey())) {
            stamp = stamper.stamp(body);
            answer = http.send(post(listUsers, body, stamp), HttpResponse.BodyHandlers.ofString());
        }
        return answer;
    }

    private static HttpRequest post(URI uri, byte[] body, Stamp stamp) {
        return HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("X-Stamp", stamp.headerValue())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }
}
