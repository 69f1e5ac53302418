package finance.votis.sessions.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runtime.Counterpart;
import finance.votis.sessions.runtime.ExplainedException;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.Platform;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * KMS, Secrets Manager, CloudWatch Logs and Lambda's own giver of credentials, in a rehearsal. Whatever stamping key is asked for, in a secret or in
 * KMS, it is one that was made for this rehearsal.
 */
public final class RehearsedAws implements Counterpart {

    private static final int SCALAR_DIGITS = 64;
    private static final String SECRET_ID = "SecretId";
    private static final String KEY_ID = "KeyId";
    private static final int FINDINGS = 2;

    private final KeyPair stamping;
    private final String sessionSecret;
    private final Version first;
    private final String line;

    /** What is at {@code AWSCURRENT} of that secret. */
    private Version current;

    private Version put;

    /** How often what was put is still found. */
    private int left;

    private record Version(String id, String text) {}

    private RehearsedAws(KeyPair stamping, String sessionSecret, String session, String line) {
        this.stamping = stamping;
        this.sessionSecret = sessionSecret;
        this.first = new Version("rehearsal", session);
        this.current = first;
        this.put = first;
        this.line = line;
    }

    /** All counterparts that AWS takes. */
    public static List<Counterpart> of(Platform platform) {
        return reading(platform, "");
    }

    /**
     * The same, where functions' lines are read as well.
     *
     * @param line the one of each log group
     */
    public static List<Counterpart> reading(Platform platform, String line) {
        return with(platform, "", "", line);
    }

    /**
     * The same, where a server session is kept as well. What is made current in its place is seen by two looks, that of the run which
     * made it and that of the next; then the play begins anew. KMS wraps nothing: a ciphertext is its plaintext.
     *
     * @param sessionSecret id of the secret whose first text is {@code session}
     */
    public static List<Counterpart> with(Platform platform, String sessionSecret, String session) {
        return with(platform, sessionSecret, session, "");
    }

    private static List<Counterpart> with(Platform platform, String sessionSecret, String session, String line) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(
                    new ECGenParameterSpec("secp256r1"), platform.random().get());
            return List.of(
                    new RehearsedAws(generator.generateKeyPair(), sessionSecret, session, line), new Credentials());
        } catch (GeneralSecurityException e) {
            throw noP256(e);
        }
    }

    @Override
    public Set<String> variables() {
        return Set.of("AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS");
    }

    /** As Amazon's are. */
    @Override
    public Chain chain() {
        return Chain.RSA;
    }

    @Override
    public String answer(Request request) {
        ObjectNode asked =
                Json.object(request.body().getBytes(StandardCharsets.UTF_8)).orElseThrow();
        String operation = request.headers().getOrDefault("x-amz-target", "");
        return Json.text(
                switch (operation) {
                    case "TrentService.GetPublicKey" ->
                        Json.newObject()
                                .put(KEY_ID, asked.path(KEY_ID).asText())
                                .put("KeySpec", "ECC_NIST_P256")
                                .put("KeyUsage", "SIGN_VERIFY")
                                .put("PublicKey", base64(stamping.getPublic().getEncoded()));
                    case "TrentService.Sign" ->
                        Json.newObject()
                                .put(KEY_ID, asked.path(KEY_ID).asText())
                                .put(
                                        "Signature",
                                        base64(sign(asked.path("Message").asText())))
                                .put("SigningAlgorithm", "ECDSA_SHA_256");
                    case "TrentService.Encrypt" ->
                        Json.newObject()
                                .put("CiphertextBlob", asked.path("Plaintext").asText());
                    case "TrentService.Decrypt" ->
                        Json.newObject()
                                .put("Plaintext", asked.path("CiphertextBlob").asText());
                    case "secretsmanager.GetSecretValue" ->
                        secret(
                                asked.path(SECRET_ID).asText(),
                                asked.path("VersionStage").asText());
                    case "secretsmanager.PutSecretValue" -> {
                        put = new Version(
                                asked.path("ClientRequestToken").asText(),
                                asked.path("SecretString").asText());
                        yield Json.newObject().put("VersionId", put.id());
                    }
                    case "secretsmanager.UpdateSecretVersionStage" -> {
                        current = put;
                        left = FINDINGS;
                        yield Json.newObject();
                    }
                    case "secretsmanager.DescribeSecret" ->
                        Json.newObject().put("ARN", asked.path(SECRET_ID).asText());
                    case "Logs_20140328.FilterLogEvents" -> {
                        ObjectNode page = Json.newObject();
                        page.putArray("events").addObject().put("message", line);
                        yield page;
                    }
                    default -> throw new ExplainedException("a rehearsal asks AWS for " + operation);
                });
    }

    /** Every stage is at one version, so that nothing is pending. */
    private ObjectNode secret(String id, String stage) {
        boolean isOfTheSession = id.equals(sessionSecret);
        ObjectNode value = Json.newObject().put("ARN", id).put("VersionId", current.id());
        value.putArray("VersionStages").add("AWSCURRENT");
        value.put("CreatedDate", 0).put("SecretString", isOfTheSession ? current.text() : stampingKeyText());
        if (isOfTheSession && stage.equals("AWSPREVIOUS") && --left == 0) {
            current = first;
        }
        return value;
    }

    private String stampingKeyText() {
        String scalar = ((ECPrivateKey) stamping.getPrivate()).getS().toString(16);
        try {
            return Json.text(Json.newObject()
                    .put(
                            "publicKey",
                            P256PublicKey.fromSubjectPublicKeyInfo(
                                            stamping.getPublic().getEncoded())
                                    .compressedHex())
                    .put("privateKey", "0".repeat(SCALAR_DIGITS - scalar.length()) + scalar));
        } catch (CryptoException.MalformedKey e) {
            throw new IllegalStateException("the JDK made a key that is none of P-256", e);
        }
    }

    private byte[] sign(String digest) {
        PrivateKey key = stamping.getPrivate();
        try {
            Signature signature = Signature.getInstance("NONEwithECDSA");
            signature.initSign(key);
            signature.update(Base64.getDecoder().decode(digest));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw noP256(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static IllegalStateException noP256(GeneralSecurityException e) {
        return new IllegalStateException("P-256 is part of every JDK", e);
    }

    /** A function that starts from a snapshot has no key variables and asks here, in the clear on its own machine. */
    private record Credentials() implements Counterpart {

        @Override
        public Set<String> variables() {
            return Set.of();
        }

        @Override
        public Set<String> properties() {
            return Set.of("aws.containerCredentialsFullUri");
        }

        @Override
        public boolean speaksTls() {
            return false;
        }

        @Override
        public String answer(Request request) {
            return Json.text(Json.newObject()
                    .put("AccessKeyId", "AKIAREHEARSALONLY000")
                    .put("SecretAccessKey", "of nobody")
                    .put("Token", "of nobody")
                    .put("Expiration", "2999-01-01T00:00:00Z"));
        }
    }
}
