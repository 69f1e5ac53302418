package finance.votis.sessions.runner.gateway;

import finance.votis.sessions.contract.Contract;
import finance.votis.sessions.contract.Exchange;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds each exchange of a stack that a test starts, in this process or in one of its own, against {@code docs/openapi.yaml}. It is a service
 * of the tests' class path, so that no test has to remember it.
 */
public final class ContractWitness implements ExchangeWitness {
    private static final Contract CONTRACT = Contract.read();

    @Override
    public Optional<String> complaint(Request request, Reply.Whole reply) {
        List<String> breaches = CONTRACT.breaches(new Exchange(
                new Exchange.Request(
                        request.method(), request.path(), query(request), request.headers(), body(request.body())),
                new Exchange.Answer(reply.status(), reply.headers(), body(reply.body()))));
        return breaches.isEmpty()
                ? Optional.empty()
                : Optional.of("breaks docs/openapi.yaml: " + String.join("; ", breaches));
    }

    private static Map<String, List<String>> query(Request request) {
        Map<String, List<String>> query = new HashMap<>();
        String text = request.target().substring(request.path().length()).replaceFirst("^\\?", "");
        for (String one : text.split("&", -1)) {
            if (!one.isEmpty()) {
                String[] parts = one.split("=", 2);
                query.computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>())
                        .add(parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Optional<byte[]> body(byte[] bytes) {
        return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
    }
}
