package finance.votis.sessions.providers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Keys and secrets of one test class, named alike and taken away at its end: also those whose test failed. Not thread-safe. */
final class Made implements AutoCloseable {

    /** Before the names of all that tests make, so that whatever a killed run leaves is found. */
    static final String PREFIX = "votis-sessions-tests/";

    private static final String ABOUT = "votis-sessions-tests: made by a test, which takes it away again";

    /** The shortest that KMS takes. */
    private static final int WINDOW_DAYS = 7;

    private final KmsClient kms;
    private final SecretsManagerClient secrets;
    private final String run = UUID.randomUUID().toString();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private final Set<String> kept = new HashSet<>();
    private int count;

    Made(KmsClient kms, SecretsManagerClient secrets) {
        this.kms = kms;
        this.secrets = secrets;
    }

    /** ARN of a symmetric key. */
    String key() {
        return key(request -> {});
    }

    /** ARN of a key pair of P-256 that signs. */
    String signingKey() {
        return key(request -> request.keySpec(KeySpec.ECC_NIST_P256).keyUsage(KeyUsageType.SIGN_VERIFY));
    }

    private String key(Consumer<CreateKeyRequest.Builder> kind) {
        String arn = kms.createKey(request -> request.description(ABOUT).applyMutation(kind))
                .keyMetadata()
                .arn();
        kept.add(arn);
        undo.push(() -> {
            if (kept.contains(arn)) {
                letGo(arn);
            }
        });
        return arn;
    }

    /** Schedules the key's deletion now. */
    void letGo(String keyArn) {
        kms.scheduleKeyDeletion(request -> request.keyId(idOf(keyArn)).pendingWindowInDays(WINDOW_DAYS));
        kept.remove(keyArn);
    }

    /** Switches the key off, for good. */
    void switchOff(String keyArn) {
        kms.disableKey(request -> request.keyId(idOf(keyArn)));
    }

    /** Not every player takes an ARN from an operator, and what operators do is not what is tested here. */
    private static String idOf(String keyArn) {
        return keyArn.substring(keyArn.lastIndexOf('/') + 1);
    }

    /** Name of a new alias of a key. */
    String alias(String keyArn) {
        String alias = "alias/" + nextName();
        kms.createAlias(request -> request.aliasName(alias).targetKeyId(keyArn));
        undo.push(() -> kms.deleteAlias(request -> request.aliasName(alias)));
        return alias;
    }

    /** ARN of a secret whose first version is this text, at {@code AWSCURRENT}. */
    String secret(String text) {
        String arn = secrets.createSecret(
                        request -> request.name(nextName()).description(ABOUT).secretString(text))
                .arn();
        return forgotten(arn);
    }

    /** ARN of a secret that has no version yet. */
    String emptySecret() {
        return forgotten(
                secrets.createSecret(request -> request.name(nextName()).description(ABOUT))
                        .arn());
    }

    private String forgotten(String arn) {
        undo.push(() -> secrets.deleteSecret(request -> request.secretId(arn).forceDeleteWithoutRecovery(true)));
        return arn;
    }

    private String nextName() {
        return PREFIX + run + "/" + ++count;
    }

    /** Does all that can be done, and then says what could not. */
    @Override
    public void close() {
        IllegalStateException left = new IllegalStateException("not all that was made could be taken away");
        while (!undo.isEmpty()) {
            try {
                undo.pop().run();
            } catch (RuntimeException e) {
                left.addSuppressed(e);
            }
        }
        if (left.getSuppressed().length > 0) {
            throw left;
        }
    }
}
