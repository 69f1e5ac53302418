package finance.votis.sessions.standins.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.PortInUseException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OidcIssuerTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private static OidcIssuer issuer;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        issuer = start(BlockingHttpServer.anyPort());
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void close() {
        client.close();
        issuer.close();
    }

    @Test
    void aTokenChecksOutByDiscoveryAlone() throws Exception {
        SignedJWT token = SignedJWT.parse(issuer.token(
                "user-1",
                "sessions",
                Map.of("turnkey_organization_id", "org", "turnkey_user_id", "user"),
                List.of("sessions:create", "sessions:read"),
                Duration.ofHours(1)));

        Map<String, Object> discovery = JSONObjectUtils.parse(get("/.well-known/openid-configuration"));
        assertThat(discovery).containsEntry("issuer", issuer.url().toString());
        assertThat(discovery.get("id_token_signing_alg_values_supported")).isEqualTo(List.of("RS256"));
        JWKSet keys =
                JWKSet.parse(get(URI.create((String) discovery.get("jwks_uri")).getPath()));
        JWK key = keys.getKeyByKeyId(token.getHeader().getKeyID());

        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.RS256);
        assertThat(token.verify(new RSASSAVerifier(key.toRSAKey()))).isTrue();
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo(issuer.url().toString());
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("user-1");
        assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("sessions");
        assertThat(token.getJWTClaimsSet().getIssueTime()).isEqualTo(Date.from(NOW));
        assertThat(token.getJWTClaimsSet().getExpirationTime()).isEqualTo(Date.from(NOW.plus(Duration.ofHours(1))));
        assertThat(token.getJWTClaimsSet().getStringClaim("scope")).isEqualTo("sessions:create sessions:read");
        assertThat(token.getJWTClaimsSet().getStringClaim("turnkey_organization_id"))
                .isEqualTo("org");
        assertThat(token.getJWTClaimsSet().getStringClaim("turnkey_user_id")).isEqualTo("user");
    }

    @Test
    void thePublishedKeysAreThePublicHalves() throws Exception {
        JWKSet keys = JWKSet.parse(get("/.well-known/jwks.json"));
        assertThat(keys.getKeys()).hasSize(1).noneMatch(JWK::isPrivate);
        assertThat(keys.getKeys().getFirst().getKeyID()).isEqualTo(issuer.keyId());
        assertThat(keys.getKeys().getFirst().size()).isEqualTo(2048);
    }

    @Test
    void eachTokenIsAnother() throws Exception {
        String one = issuer.token("user-1", "sessions", Map.of(), List.of(), Duration.ofHours(1));
        assertThat(one).isNotEqualTo(issuer.token("user-1", "sessions", Map.of(), List.of(), Duration.ofHours(1)));
        assertThat(SignedJWT.parse(one).getJWTClaimsSet().getClaim("scope")).isNull();
    }

    @Test
    void aTokenCanBeOverFromTheStart() throws Exception {
        String token = issuer.token("user-1", "sessions", Map.of(), List.of(), Duration.ofSeconds(-1));
        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getExpirationTime()).isBefore(NOW);
    }

    @Test
    void anotherIssuersTokenDoesNotCheckOut() throws Exception {
        try (OidcIssuer other = start(BlockingHttpServer.anyPort())) {
            SignedJWT token =
                    SignedJWT.parse(other.token("user-1", "sessions", Map.of(), List.of(), Duration.ofHours(1)));
            JWKSet keys = JWKSet.parse(get("/.well-known/jwks.json"));
            assertThat(keys.getKeyByKeyId(token.getHeader().getKeyID())).isNull();
            assertThat(token.verify(new RSASSAVerifier(keys.getKeys().getFirst().toRSAKey())))
                    .isFalse();
        }
    }

    @Test
    void theIssuersOwnClaimsAreNotForCallers() {
        for (String name : List.of("iss", "sub", "aud", "exp", "scope")) {
            assertThatThrownBy(() -> issuer.token("u", "a", Map.of(name, "x"), List.of(), Duration.ofHours(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void nothingElseIsThere() throws Exception {
        assertThat(status(HttpRequest.newBuilder(issuer.url().resolve("/token"))))
                .isEqualTo(404);
        assertThat(status(HttpRequest.newBuilder(issuer.url().resolve("/.well-known/jwks.json"))
                        .POST(BodyPublishers.noBody())))
                .isEqualTo(405);
    }

    @Test
    void aBusyPortIsNamed() {
        InetSocketAddress taken =
                new InetSocketAddress(issuer.url().getHost(), issuer.url().getPort());
        assertThatThrownBy(() -> start(taken))
                .isInstanceOf(PortInUseException.class)
                .hasMessageContaining("port " + taken.getPort());
    }

    private static OidcIssuer start(InetSocketAddress address) {
        return OidcIssuer.start(address, InstantSource.fixed(NOW), new SecureRandom());
    }

    private static String get(String path) throws Exception {
        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(issuer.url().resolve(path)).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        return response.body();
    }

    private static int status(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
}
