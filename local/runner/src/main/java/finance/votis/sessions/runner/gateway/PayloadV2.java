package finance.votis.sessions.runner.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Payload format 2.0: the event that a function gets for a request, and the reply that its answer stands for.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">Lambda
 *     integrations</a>
 */
final class PayloadV2 {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** They belong to the connection, which is the gateway's own. */
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "content-length", "keep-alive", "transfer-encoding", "upgrade");

    private PayloadV2() {}

    /** What the gateway knows of a request besides the request. */
    record Circumstances(
            String requestId,
            String accountId,
            String apiId,
            String domainName,
            Instant time,
            Optional<Map<String, String>> claims) {}

    static String event(Request request, Router.Match match, Circumstances known) {
        ObjectNode event = JSON.createObjectNode();
        String routeKey = match.route().route().key();
        event.put("version", "2.0");
        event.put("routeKey", routeKey);
        event.put("rawPath", request.path());
        String query = request.target().substring(request.path().length());
        String rawQuery = query.isEmpty() ? "" : query.substring(1);
        event.put("rawQueryString", rawQuery);
        List<String> cookies = request.headers("cookie");
        if (!cookies.isEmpty()) {
            ArrayNode list = event.putArray("cookies");
            for (String line : cookies) {
                for (String cookie : line.split(";", -1)) {
                    list.add(cookie.strip());
                }
            }
        }
        ObjectNode headers = event.putObject("headers");
        Map<String, String> sorted = new TreeMap<>();
        request.headers().forEach((name, values) -> sorted.put(name, String.join(",", values)));
        sorted.remove("cookie");
        sorted.merge("x-forwarded-for", "127.0.0.1", (before, own) -> before + ", " + own);
        sorted.put("x-forwarded-port", port(known.domainName()));
        sorted.put("x-forwarded-proto", "http");
        sorted.forEach(headers::put);
        Map<String, String> parameters = query(rawQuery);
        if (!parameters.isEmpty()) {
            ObjectNode object = event.putObject("queryStringParameters");
            parameters.forEach(object::put);
        }
        if (!match.pathParameters().isEmpty()) {
            ObjectNode object = event.putObject("pathParameters");
            match.pathParameters().forEach(object::put);
        }
        context(event.putObject("requestContext"), request, match, known);
        boolean text = isText(request);
        if (request.body().length > 0) {
            event.put(
                    "body",
                    text
                            ? new String(request.body(), StandardCharsets.UTF_8)
                            : Base64.getEncoder().encodeToString(request.body()));
        }
        event.put("isBase64Encoded", !text);
        return event.toString();
    }

    private static void context(ObjectNode context, Request request, Router.Match match, Circumstances known) {
        context.put("accountId", known.accountId());
        context.put("apiId", known.apiId());
        if (known.claims().isPresent()) {
            ObjectNode jwt = context.putObject("authorizer").putObject("jwt");
            ObjectNode claims = jwt.putObject("claims");
            known.claims().get().forEach(claims::put);
            List<String> scopes = match.route().route().scopes();
            if (scopes.isEmpty()) {
                jwt.putNull("scopes");
            } else {
                scopes.forEach(jwt.putArray("scopes")::add);
            }
        }
        context.put("domainName", known.domainName());
        context.put("domainPrefix", known.domainName().split("[.:]", 2)[0]);
        ObjectNode http = context.putObject("http");
        http.put("method", request.method());
        http.put("path", request.path());
        http.put("protocol", "HTTP/1.1");
        http.put("sourceIp", "127.0.0.1");
        http.put("userAgent", request.header("user-agent").orElse(""));
        context.put("requestId", known.requestId());
        context.put("routeKey", match.route().route().key());
        context.put("stage", "$default");
        context.put("time", TIME.format(known.time()));
        context.put("timeEpoch", known.time().toEpochMilli());
    }

    /** Empty if the answer is malformed: API Gateway then answers 500 by itself. */
    static Optional<Reply.Whole> reply(String payload) {
        JsonNode answer;
        try {
            answer = JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        if (!answer.isObject() || !answer.has("statusCode")) {
            return payload.isBlank() ? Optional.empty() : Optional.of(Reply.json(200, payload));
        }
        JsonNode status = answer.get("statusCode");
        JsonNode headers = answer.path("headers");
        JsonNode cookies = answer.path("cookies");
        JsonNode body = answer.path("body");
        JsonNode base64 = answer.path("isBase64Encoded");
        if (!status.isInt()
                || status.intValue() < 100
                || status.intValue() > 599
                || !(headers.isObject() || absent(headers))
                || !(cookies.isArray() || absent(cookies))
                || !(body.isTextual() || absent(body))
                || !(base64.isBoolean() || absent(base64))) {
            return Optional.empty();
        }
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("content-type", "text/plain;charset=UTF-8");
        for (Map.Entry<String, JsonNode> header : headers.properties()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            String value = header.getValue().asText();
            if (!header.getValue().isValueNode() || !name.matches("[!#$%&'*+.^_`|~0-9a-z-]+") || !isFieldValue(value)) {
                return Optional.empty();
            }
            if (!HOP_BY_HOP.contains(name)) {
                lines.put(name, value);
            }
        }
        int count = 0;
        for (JsonNode cookie : cookies) {
            if (!cookie.isTextual() || !isFieldValue(cookie.asText())) {
                return Optional.empty();
            }
            lines.put(setCookie(count++), cookie.asText());
        }
        try {
            byte[] bytes = base64.asBoolean()
                    ? Base64.getDecoder().decode(body.asText())
                    : body.asText("").getBytes(StandardCharsets.UTF_8);
            return Optional.of(new Reply.Whole(status.intValue(), lines, bytes));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static boolean isFieldValue(String value) {
        return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff));
    }

    /** A reply has one line per name, a name has many spellings, and each cookie needs a line of its own. */
    private static String setCookie(int number) {
        StringBuilder name = new StringBuilder("set-cookie");
        for (int letter = 0, bits = number; bits > 0 && letter < name.length(); letter++) {
            if (Character.isLetter(name.charAt(letter))) {
                if ((bits & 1) == 1) {
                    name.setCharAt(letter, Character.toUpperCase(name.charAt(letter)));
                }
                bits >>= 1;
            }
        }
        return name.toString();
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                parameters.merge(name, value, (before, own) -> before + "," + own);
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }

    /** By content type as API Gateway does it, and never if the bytes are no text. */
    private static boolean isText(Request request) {
        String type = request.header("content-type").orElse("text/plain").toLowerCase(Locale.ROOT);
        String media = type.split(";", 2)[0].strip();
        boolean declared = media.startsWith("text/")
                || media.equals("application/json")
                || media.endsWith("+json")
                || media.equals("application/xml")
                || media.endsWith("+xml")
                || media.equals("application/javascript");
        if (!declared) {
            return request.body().length == 0;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(request.body()));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static String port(String domain) {
        int colon = domain.lastIndexOf(':');
        return colon < 0 ? "80" : domain.substring(colon + 1);
    }
}
