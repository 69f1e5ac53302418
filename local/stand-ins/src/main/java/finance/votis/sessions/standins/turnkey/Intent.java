package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The parameters of an activity, read and checked for form. */
sealed interface Intent {
    ActivityType type();

    /** Whose credentials it is about; empty means the user who stamps. */
    Optional<String> userId();

    /** What policies may see of the parameters: Turnkey's list of activity parameters. */
    default Map<String, String> exposed() {
        return Map.of();
    }

    record ReadWriteSession(
            P256PublicKey targetPublicKey,
            Optional<String> userId,
            Optional<String> apiKeyName,
            Duration lifetime,
            boolean invalidateExisting)
            implements Intent {
        @Override
        public ActivityType type() {
            return ActivityType.CREATE_READ_WRITE_SESSION;
        }
    }

    record ReadOnlySession() implements Intent {
        @Override
        public ActivityType type() {
            return ActivityType.CREATE_READ_ONLY_SESSION;
        }

        @Override
        public Optional<String> userId() {
            return Optional.empty();
        }
    }

    record StampLogin(P256PublicKey publicKey, Duration lifetime, boolean invalidateExisting) implements Intent {
        @Override
        public ActivityType type() {
            return ActivityType.STAMP_LOGIN;
        }

        @Override
        public Optional<String> userId() {
            return Optional.empty();
        }
    }

    record CreateApiKeys(String owner, List<NewKey> keys) implements Intent {
        record NewKey(String name, P256PublicKey publicKey, Optional<Duration> lifetime) {}

        @Override
        public ActivityType type() {
            return ActivityType.CREATE_API_KEYS;
        }

        @Override
        public Optional<String> userId() {
            return Optional.of(owner);
        }

        @Override
        public Map<String, String> exposed() {
            return Map.of("user_id", owner);
        }
    }

    record DeleteApiKeys(String owner, List<String> apiKeyIds) implements Intent {
        @Override
        public ActivityType type() {
            return ActivityType.DELETE_API_KEYS;
        }

        @Override
        public Optional<String> userId() {
            return Optional.of(owner);
        }

        @Override
        public Map<String, String> exposed() {
            return Map.of("user_id", owner);
        }
    }

    static Intent read(ActivityType type, ObjectNode parameters, boolean unknownTaken) throws Refusal {
        Fields fields = new Fields("parameters.", parameters);
        Intent intent = switch (type) {
            case CREATE_READ_WRITE_SESSION ->
                new ReadWriteSession(
                        Form.targetKey(fields.requiredString("targetPublicKey")),
                        fields.uuid("userId"), // check 43
                        Form.label(fields.string("apiKeyName")),
                        Form.lifetime(fields.string("expirationSeconds")).orElse(Form.DEFAULT_LIFETIME),
                        fields.flag("invalidateExisting"));
            case CREATE_READ_ONLY_SESSION -> new ReadOnlySession();
            case STAMP_LOGIN -> // check 51, the forms; session profiles are left out
                new StampLogin(
                        Form.compressed("publicKey", fields.requiredString("publicKey")),
                        Form.lifetime(fields.string("expirationSeconds")).orElse(Form.DEFAULT_LIFETIME),
                        fields.flag("invalidateExisting"));
            case CREATE_API_KEYS ->
                new CreateApiKeys(fields.requiredUuid("userId"), Form.newKeys(fields, unknownTaken));
            case DELETE_API_KEYS ->
                new DeleteApiKeys(fields.requiredUuid("userId"), Form.someOf("apiKeyIds", fields.uuids("apiKeyIds")));
        };
        if (!unknownTaken) {
            fields.refuseOthers(); // check 23
        }
        return intent;
    }

    /** The rules of single parameters. */
    final class Form {
        static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(15);

        /** Check 45, ours: Turnkey's rules for labels are not public. Of code points, none that hides or turns the text. */
        private static final Pattern LABEL = Pattern.compile("[^\\p{C}\\p{Zl}\\p{Zp}]{1,255}");
        /** Positive, and not so long that a Duration could not hold it: Turnkey's cap is not known. */
        private static final Pattern SECONDS = Pattern.compile("0*[1-9][0-9]{0,17}");

        private Form() {}

        /** Check 42. Ours: lower-case hex only, as every SDK sends it. */
        static P256PublicKey targetKey(String hex) throws Refusal {
            try {
                P256PublicKey key = P256PublicKey.fromUncompressedHex(hex);
                if (key.uncompressedHex().equals(hex)) {
                    return key;
                }
            } catch (CryptoException.MalformedKey e) {
                // told below
            }
            throw Refusal.badRequestBody("parameters.targetPublicKey must be an uncompressed point of P-256 in hex");
        }

        static Optional<String> label(Optional<String> name) throws Refusal {
            if (name.isPresent() && !LABEL.matcher(name.get()).matches()) {
                throw Refusal.badRequestBody("a key's name is 1 to 255 printable characters");
            }
            return name;
        }

        /** Check 46. */
        static Optional<Duration> lifetime(Optional<String> seconds) throws Refusal {
            if (seconds.isPresent() && !SECONDS.matcher(seconds.get()).matches()) {
                throw Refusal.invalidExpiration();
            }
            return seconds.map(digits -> Duration.ofSeconds(Long.parseLong(digits)));
        }

        /** Check 52, the forms. The stand-in verifies P-256 alone, so it registers no other key. */
        static List<CreateApiKeys.NewKey> newKeys(Fields fields, boolean unknownTaken) throws Refusal {
            List<CreateApiKeys.NewKey> keys = new ArrayList<>();
            for (ObjectNode object : someOf("apiKeys", fields.objects("apiKeys"))) {
                Fields key = new Fields("parameters.apiKeys.", object);
                String name =
                        label(Optional.of(key.requiredString("apiKeyName"))).orElseThrow();
                String hex = key.requiredString("publicKey");
                if (!key.requiredString("curveType").equals("API_KEY_CURVE_P256")) {
                    throw Refusal.badRequestBody("parameters.apiKeys.curveType must be API_KEY_CURVE_P256 here");
                }
                Optional<Duration> lifetime = lifetime(key.string("expirationSeconds"));
                if (!unknownTaken) {
                    key.refuseOthers();
                }
                keys.add(new CreateApiKeys.NewKey(name, compressed("apiKeys.publicKey", hex), lifetime));
            }
            return keys;
        }

        static P256PublicKey compressed(String name, String hex) throws Refusal {
            try {
                P256PublicKey key = P256PublicKey.fromCompressedHex(hex);
                if (key.compressedHex().equals(hex)) {
                    return key;
                }
            } catch (CryptoException.MalformedKey e) {
                // told below
            }
            throw Refusal.badRequestBody("parameters." + name + " must be a compressed point of P-256 in hex");
        }

        static <T> List<T> someOf(String name, List<T> list) throws Refusal {
            if (list.isEmpty()) {
                throw Refusal.badRequestBody("parameters." + name + " must not be empty");
            }
            return list;
        }
    }
}
