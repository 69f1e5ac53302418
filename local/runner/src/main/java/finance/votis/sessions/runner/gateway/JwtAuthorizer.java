package finance.votis.sessions.runner.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * API Gateway's JWT authorizer: {@code kid} in the issuer's JWKS, RS256, {@code iss}, {@code aud} or else {@code client_id},
 * {@code exp}, {@code nbf}, {@code iat}, and one of the route's scopes. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html">JWT authorizers</a>
 */
final class JwtAuthorizer {
    sealed interface Decision {
        /** Claims as they reach the function: all texts. */
        record Accepted(Map<String, String> claims) implements Decision {}

        /** 401 or 403 with this {@code WWW-Authenticate}. */
        record Refused(int status, String challenge) implements Decision {}
    }

    /** API Gateway's own limits for the issuer. */
    private static final Duration ISSUER_LIMIT = Duration.ofMillis(1500);

    private static final int LARGEST_KEY_SET = 150_000;

    /** API Gateway keeps keys for up to two hours; an unknown {@code kid} asks again, but not for each of many bad tokens. */
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(10);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String issuer;
    private final List<String> audiences;
    private final HttpClient http;
    private final InstantSource clock;
    private JWKSet keys = new JWKSet();
    private Instant asked = Instant.MIN;

    JwtAuthorizer(String issuer, List<String> audiences, HttpClient http, InstantSource clock) {
        this.issuer = issuer;
        this.audiences = List.copyOf(audiences);
        this.http = http;
        this.clock = clock;
    }

    /**
     * Decides on one request.
     *
     * @param authorization the header's value, if there is one
     * @param scopes of which the token needs one; empty: none needed
     */
    Decision decide(Optional<String> authorization, List<String> scopes) {
        if (authorization.isEmpty() || authorization.get().isBlank()) {
            return new Decision.Refused(401, "Bearer");
        }
        String text = authorization.get().strip();
        String token =
                text.regionMatches(true, 0, "Bearer ", 0, 7) ? text.substring(7).strip() : text;
        try {
            Map<String, Object> claims = verified(token);
            Optional<String> wrong = wrong(claims);
            if (wrong.isPresent()) {
                return invalid(wrong.get());
            }
            if (!scopes.isEmpty() && scopes(claims).stream().noneMatch(scopes::contains)) {
                return new Decision.Refused(
                        403,
                        "Bearer scope=\"" + String.join(" ", scopes)
                                + "\" error=\"insufficient_scope\" error_description=\"the token has none of the route's scopes\"");
            }
            Map<String, String> texts = new LinkedHashMap<>();
            claims.forEach((name, value) -> texts.put(name, text(value)));
            return new Decision.Accepted(texts);
        } catch (ParseException | JOSEException e) {
            return invalid("the token cannot be read");
        } catch (Unverified e) {
            return invalid(Objects.requireNonNullElse(e.getMessage(), ""));
        }
    }

    private static Decision.Refused invalid(String description) {
        return new Decision.Refused(
                401, "Bearer scope=\"\" error=\"invalid_token\" error_description=\"" + description + "\"");
    }

    private Map<String, Object> verified(String token) throws ParseException, JOSEException, Unverified {
        SignedJWT jwt = SignedJWT.parse(token);
        String kid = jwt.getHeader().getKeyID();
        if (!JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm())) {
            throw new Unverified("the token is not signed with RS256");
        }
        if (kid == null || !(key(kid) instanceof RSAKey key)) {
            throw new Unverified("the issuer has no such key");
        }
        if (!jwt.verify(new RSASSAVerifier(key.toRSAPublicKey()))) {
            throw new Unverified("the signature does not verify");
        }
        Map<String, Object> claims = jwt.getPayload().toJSONObject();
        if (claims == null) {
            throw new Unverified("the token has no claims");
        }
        return claims;
    }

    private Optional<String> wrong(Map<String, Object> claims) {
        long now = clock.instant().getEpochSecond();
        if (!issuer.equals(claims.get("iss"))) {
            return Optional.of("the token has another issuer");
        }
        Object audience = claims.containsKey("aud") ? claims.get("aud") : claims.get("client_id");
        if (list(audience).stream().noneMatch(audiences::contains)) {
            return Optional.of("the token has another audience");
        }
        if (!(claims.get("exp") instanceof Number exp) || exp.longValue() <= now) {
            return Optional.of("the token has expired");
        }
        for (String begin : List.of("nbf", "iat")) {
            Object value = claims.get(begin);
            if (value != null && !(value instanceof Number number && number.longValue() <= now)) {
                return Optional.of("the token is not valid yet");
            }
        }
        return Optional.empty();
    }

    private static List<String> scopes(Map<String, Object> claims) {
        List<String> scopes = new ArrayList<>();
        for (String name : List.of("scope", "scp")) {
            for (String value : list(claims.get(name))) {
                scopes.addAll(List.of(value.split(" ", -1)));
            }
        }
        return scopes;
    }

    private static List<String> list(@Nullable Object value) {
        if (value instanceof List<?> items) {
            return items.stream().map(String::valueOf).toList();
        }
        return value == null ? List.of() : List.of(String.valueOf(value));
    }

    /** API Gateway prints claims as Go does: {@code [a b]}, {@code map[a:b]}, numbers without an exponent. */
    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case List<?> items ->
                "[" + String.join(" ", items.stream().map(JwtAuthorizer::text).toList()) + "]";
            case Map<?, ?> map ->
                "map["
                        + String.join(
                                " ",
                                map.entrySet().stream()
                                        .map(entry -> entry.getKey() + ":" + text(entry.getValue()))
                                        .sorted()
                                        .toList())
                        + "]";
            default -> String.valueOf(value);
        };
    }

    private synchronized @Nullable JWK key(String kid) throws Unverified {
        JWK known = keys.getKeyByKeyId(kid);
        if (known != null || clock.instant().isBefore(asked.plus(ASK_AGAIN_AFTER))) {
            return known;
        }
        asked = clock.instant();
        try {
            JsonNode discovery = JSON.readTree(fetch(
                    URI.create((issuer.endsWith("/") ? issuer : issuer + "/") + ".well-known/openid-configuration")));
            keys = JWKSet.parse(fetch(URI.create(discovery.path("jwks_uri").asText())));
        } catch (IOException | ParseException | IllegalArgumentException e) {
            throw new Unverified("the issuer's keys cannot be read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unverified("the issuer's keys cannot be read");
        }
        return keys.getKeyByKeyId(kid);
    }

    private String fetch(URI uri) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(uri).timeout(ISSUER_LIMIT).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200 || response.body().length() > LARGEST_KEY_SET) {
            throw new IOException("unusable answer of the issuer");
        }
        return response.body();
    }

    private static final class Unverified extends Exception {
        private static final long serialVersionUID = 1L;

        Unverified(String description) {
            super(description);
        }
    }
}
