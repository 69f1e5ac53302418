package finance.votis.sessions.standins.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.PortInUseException;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An OpenID Connect issuer with one RSA key, made at its start: OpenID Connect Discovery 1.0 and the key set (RFC 7517) over
 * HTTP, tokens (RFC 9068's claims, RS256) by method. Thread-safe.
 */
public final class OidcIssuer implements AutoCloseable {
    private static final String DISCOVERY_PATH = "/.well-known/openid-configuration";
    private static final String KEYS_PATH = "/.well-known/jwks.json";
    private static final int KEY_BITS = 2048;
    private static final Set<String> OURS = Set.of("iss", "sub", "aud", "iat", "nbf", "exp", "jti", "scope");

    private final RSAKey key;
    private final InstantSource clock;
    private final SecureRandom random;
    private final BlockingHttpServer server;

    private OidcIssuer(BlockingHttpServer server, RSAKey key, InstantSource clock, SecureRandom random) {
        this.server = server;
        this.key = key;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Answers from the return on.
     *
     * @param address {@link BlockingHttpServer#anyPort()} for loopback and a free port
     * @throws PortInUseException naming the port
     */
    public static OidcIssuer start(InetSocketAddress address, InstantSource clock, SecureRandom random) {
        BlockingHttpServer server = BlockingHttpServer.bind(address);
        OidcIssuer issuer = new OidcIssuer(server, newKey(random), clock, random);
        server.serve(0, issuer::answer);
        return issuer;
    }

    /** The issuer's name and address in one, without a trailing slash. */
    public URI url() {
        return server.url();
    }

    /** The {@code kid} of every token, the key's RFC 7638 thumbprint. */
    public String keyId() {
        return key.getKeyID();
    }

    /**
     * Mints an access token.
     *
     * @param claims further claims, none of those set here
     * @param scopes go into one claim, separated by spaces (RFC 8693, 4.2); none: no such claim
     * @param life until {@code exp}; negative for a token that is over already
     * @return the compact form
     */
    public String token(
            String subject, String audience, Map<String, String> claims, List<String> scopes, Duration life) {
        Instant now = clock.instant();
        byte[] id = new byte[16];
        random.nextBytes(id);
        JWTClaimsSet.Builder set = new JWTClaimsSet.Builder()
                .issuer(url().toString())
                .subject(subject)
                .audience(audience)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(life)))
                .jwtID(HexFormat.of().formatHex(id));
        if (!scopes.isEmpty()) {
            set.claim("scope", String.join(" ", scopes));
        }
        claims.forEach((name, value) -> {
            if (OURS.contains(name)) {
                throw new IllegalArgumentException("The issuer sets the claim " + name + " itself");
            }
            set.claim(name, value);
        });
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build();
        SignedJWT token = new SignedJWT(header, set.build());
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("RS256 is part of every JDK", e);
        }
        return token.serialize();
    }

    @Override
    public void close() {
        server.close();
    }

    private static RSAKey newKey(SecureRandom random) {
        try {
            return new RSAKeyGenerator(KEY_BITS)
                    .secureRandom(random)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("RSA is part of every JDK", e);
        }
    }

    private Reply answer(Request request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Reply.json(405, "{}").with("Allow", "GET, HEAD");
        }
        return switch (request.path()) {
            case DISCOVERY_PATH -> Reply.json(200, JSONObjectUtils.toJSONString(discovery()));
            case KEYS_PATH -> Reply.json(200, new JWKSet(key.toPublicJWK()).toString());
            default -> Reply.json(404, "{}");
        };
    }

    /** Without {@code authorization_endpoint} and {@code token_endpoint}: here are none. */
    private Map<String, Object> discovery() {
        return Map.of(
                "issuer", url().toString(),
                "jwks_uri", url() + KEYS_PATH,
                "response_types_supported", List.of("token"),
                "subject_types_supported", List.of("public"),
                "id_token_signing_alg_values_supported", List.of(JWSAlgorithm.RS256.getName()));
    }
}
