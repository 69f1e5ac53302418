package finance.votis.sessions.standins.aws;

import static finance.votis.sessions.standins.aws.Operation.Service.SECRETS_MANAGER;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Secrets Manager (AWS docs: Secrets Manager API reference, 2017-10-17). One lock over everything: each operation is atomic,
 * as a caller of the real one may rely on for one secret. Values are kept as they came, not under a KMS key: {@code KmsKeyId}
 * is only remembered.
 */
final class SecretsManager {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9/_+=.@-]{1,512}");
    private static final Pattern COMPLETE_ARN = Pattern.compile(".*-[A-Za-z0-9]{6}");
    private static final int MAX_VALUE = 65_536;
    private static final int MAX_ID = 2048;
    private static final int MIN_VERSION_ID = 32;
    private static final int MAX_VERSION_ID = 64;
    private static final int MAX_STAGE = 256;
    private static final int MAX_STAGES = 20;
    private static final int DEFAULT_RECOVERY_DAYS = 30;
    private static final int MIN_RECOVERY_DAYS = 7;

    private final Place place;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, Secret> byName = new LinkedHashMap<>();

    SecretsManager(Place place, InstantSource clock, SecureRandom random) {
        this.place = place;
        this.clock = clock;
        this.random = random;
    }

    synchronized ObjectNode create(Input input) {
        String name = input.text("Name", 1, 512);
        if (!NAME.matcher(name).matches()) {
            throw input.invalid("Invalid name. Must be a valid name containing alphanumeric characters, "
                    + "or any of the following: -/_+=.@");
        }
        Optional<Secret.Value> value = value(input);
        Optional<String> token = token(input);
        Instant now = clock.instant();
        Secret known = live(name).orElse(null);
        if (known != null) {
            if (known.deletedAt().isPresent()) {
                throw AwsError.of(
                        "InvalidRequestException",
                        "You can't create this secret because a secret with this name is already scheduled for deletion.");
            }
            // A repeat of the request that made the secret; anything else is another secret of the same name.
            Optional<Secret.Version> made = token.flatMap(known::version);
            if (made.isEmpty() || value.isEmpty() || !made.get().value().equals(value.get())) {
                throw AwsError.of(
                        "ResourceExistsException",
                        "The operation failed because the secret " + name + " already exists.");
            }
            return named(known).put("VersionId", made.get().id());
        }
        if (value.isPresent() && token.isEmpty()) {
            throw tokenMissing();
        }
        Secret secret = new Secret(
                name,
                place.arn(SECRETS_MANAGER, "secret:" + name + "-" + RandomIds.arnSuffix(random)),
                input.optionalText("Description", 0, 2048),
                input.optionalText("KmsKeyId", 0, MAX_ID),
                now);
        byName.put(name, secret);
        ObjectNode answer = named(secret);
        if (value.isPresent() && token.isPresent()) {
            secret.put(token.get(), value.get(), List.of(), now);
            answer.put("VersionId", token.get());
        }
        return answer;
    }

    synchronized void reset(String arn, String text) {
        Secret old = byName.values().stream()
                .filter(secret -> secret.arn().equals(arn))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no secret has this ARN"));
        Instant now = clock.instant();
        Secret secret = new Secret(old.name(), arn, old.description(), old.kmsKeyId(), now);
        secret.put(RandomIds.uuid(random).toString(), new Secret.Value.Text(text), List.of(), now);
        byName.put(old.name(), secret);
    }

    synchronized ObjectNode getValue(Input input) {
        Secret secret = usable(input);
        Optional<String> id = input.optionalText("VersionId", MIN_VERSION_ID, MAX_VERSION_ID);
        Optional<String> stage = input.optionalText("VersionStage", 1, MAX_STAGE);
        Secret.Version version;
        if (id.isPresent()) {
            version = secret.version(id.get()).orElseThrow(() -> noValue("VersionId: " + id.get()));
            if (stage.isPresent() && !secret.stagesOf(version).contains(stage.get())) {
                throw AwsError.of(
                        "InvalidRequestException",
                        "You provided a VersionStage that is not associated to the provided VersionId.");
            }
        } else {
            String asked = stage.orElse(Secret.CURRENT);
            version = secret.holder(asked).orElseThrow(() -> noValue("staging label: " + asked));
        }
        ObjectNode answer = named(secret).put("VersionId", version.id());
        switch (version.value()) {
            case Secret.Value.Text(String text) -> answer.put("SecretString", text);
            case Secret.Value.Binary(String base64) -> answer.put("SecretBinary", base64);
        }
        putStages(answer, secret, version);
        return answer.put("CreatedDate", seconds(version.createdAt()));
    }

    synchronized ObjectNode putValue(Input input) {
        Secret secret = usable(input);
        Secret.Value value =
                value(input).orElseThrow(() -> input.invalid("You must provide either SecretString or SecretBinary."));
        String token = token(input).orElseThrow(SecretsManager::tokenMissing);
        List<String> stages =
                input.texts("VersionStages", MAX_STAGES, MAX_STAGE).orElse(List.of(Secret.CURRENT));
        Secret.Version version = secret.put(token, value, stages, clock.instant());
        ObjectNode answer = named(secret).put("VersionId", version.id());
        putStages(answer, secret, version);
        return answer;
    }

    synchronized ObjectNode updateVersionStage(Input input) {
        Secret secret = usable(input);
        secret.moveStage(
                input.text("VersionStage", 1, MAX_STAGE),
                input.optionalText("RemoveFromVersionId", MIN_VERSION_ID, MAX_VERSION_ID),
                input.optionalText("MoveToVersionId", MIN_VERSION_ID, MAX_VERSION_ID),
                clock.instant());
        return named(secret);
    }

    /** Also of a secret in its recovery window: the reference lists no error for it, and gives {@code DeletedDate}. */
    synchronized ObjectNode describe(Input input) {
        Secret secret = find(input);
        ObjectNode answer = named(secret);
        secret.description().ifPresent(description -> answer.put("Description", description));
        secret.kmsKeyId().ifPresent(key -> answer.put("KmsKeyId", key));
        answer.put("CreatedDate", seconds(secret.createdAt()));
        answer.put("LastChangedDate", seconds(secret.changedAt()));
        secret.deletedAt().ifPresent(end -> answer.put("DeletedDate", seconds(end)));
        ObjectNode stages = JsonNodeFactory.instance.objectNode();
        for (Secret.Version version : secret.versions()) {
            List<String> held = secret.stagesOf(version);
            if (!held.isEmpty()) {
                held.forEach(stages.putArray(version.id())::add);
            }
        }
        if (!stages.isEmpty()) {
            answer.set("VersionIdsToStages", stages);
        }
        return answer;
    }

    /** Newest first, which the reference leaves open. The token for more is the id of the last version shown. */
    synchronized ObjectNode listVersionIds(Input input) {
        Secret secret = find(input);
        int max = input.number("MaxResults", 1, 100).orElse(100);
        Optional<String> after = input.optionalText("NextToken", 1, 4096);
        boolean deprecatedToo = input.flag("IncludeDeprecated");
        List<Secret.Version> versions = secret.versions().stream().toList().reversed();
        if (after.isPresent()) {
            int last = versions.stream().map(Secret.Version::id).toList().indexOf(after.get());
            if (last < 0) {
                throw AwsError.of("InvalidNextTokenException", "Invalid token.");
            }
            versions = versions.subList(last + 1, versions.size());
        }
        List<Secret.Version> shown = versions.stream()
                .filter(version -> deprecatedToo || !secret.stagesOf(version).isEmpty())
                .toList();
        ObjectNode answer = named(secret);
        ArrayNode list = answer.putArray("Versions");
        for (Secret.Version version : shown.subList(0, Math.min(max, shown.size()))) {
            ObjectNode entry = list.addObject().put("VersionId", version.id());
            putStages(entry, secret, version);
            entry.put("CreatedDate", seconds(version.createdAt()));
        }
        if (shown.size() > max) {
            answer.put("NextToken", shown.get(max - 1).id());
        }
        return answer;
    }

    synchronized ObjectNode delete(Input input) {
        Secret secret = find(input);
        Optional<Integer> days = input.number("RecoveryWindowInDays", MIN_RECOVERY_DAYS, DEFAULT_RECOVERY_DAYS);
        boolean force = input.flag("ForceDeleteWithoutRecovery");
        if (force && days.isPresent()) {
            throw input.invalid("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        }
        Instant now = clock.instant();
        Instant end = now;
        if (force) {
            byName.remove(secret.name());
        } else {
            refuseIfDeleted(secret);
            end = now.plus(Duration.ofDays(days.orElse(DEFAULT_RECOVERY_DAYS)));
            secret.delete(end, now);
        }
        return named(secret).put("DeletionDate", seconds(end));
    }

    synchronized ObjectNode restore(Input input) {
        Secret secret = find(input);
        secret.restore(clock.instant());
        return named(secret);
    }

    private Secret usable(Input input) {
        Secret secret = find(input);
        refuseIfDeleted(secret);
        return secret;
    }

    private static void refuseIfDeleted(Secret secret) {
        if (secret.deletedAt().isPresent()) {
            throw AwsError.of(
                    "InvalidRequestException",
                    "You can't perform this operation on the secret because it was marked for deletion.");
        }
    }

    /**
     * By name, complete ARN, or ARN without the hyphen and six characters at its end. An ARN that ends in such characters is
     * taken as complete, also where they belong to the name (AWS docs: finding a secret from a partial ARN).
     */
    private Secret find(Input input) {
        return find(input.text("SecretId", 1, MAX_ID))
                .orElseThrow(() ->
                        AwsError.of("ResourceNotFoundException", "Secrets Manager can't find the specified secret."));
    }

    /** Of what a caller calls so; where there is no such secret, what its ARN would begin with. */
    synchronized String arnOf(String id) {
        return find(id).map(Secret::arn)
                .orElseGet(() -> id.startsWith("arn:") ? id : place.arn(SECRETS_MANAGER, "secret:" + id));
    }

    private Optional<Secret> find(String id) {
        String prefix = place.arn(SECRETS_MANAGER, "secret:");
        Optional<Secret> found;
        if (!id.startsWith("arn:")) {
            found = live(id);
        } else if (COMPLETE_ARN.matcher(id).matches()) {
            found = List.copyOf(byName.keySet()).stream()
                    .flatMap(name -> live(name).stream())
                    .filter(secret -> secret.arn().equals(id))
                    .findFirst();
        } else {
            found = id.startsWith(prefix) ? live(id.substring(prefix.length())) : Optional.empty();
        }
        return found;
    }

    /** The secret of this name; one whose recovery window is over goes now. */
    private Optional<Secret> live(String name) {
        Optional<Secret> secret = Optional.ofNullable(byName.get(name));
        if (secret.flatMap(Secret::deletedAt)
                .filter(end -> !clock.instant().isBefore(end))
                .isPresent()) {
            byName.remove(name);
            return Optional.empty();
        }
        return secret;
    }

    /** The quota counts bytes, the API's model characters; bytes are the smaller measure. */
    private static Optional<Secret.Value> value(Input input) {
        Optional<String> text = input.optionalText("SecretString", 1, MAX_VALUE);
        Optional<byte[]> binary = input.optionalBlob("SecretBinary", 1, MAX_VALUE);
        if (text.isPresent() && binary.isPresent()) {
            throw input.invalid("You can't specify both a SecretString and SecretBinary value in the same secret.");
        }
        if (text.filter(value -> value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE)
                .isPresent()) {
            throw input.invalid("A secret value has at most " + MAX_VALUE + " bytes.");
        }
        return text.<Secret.Value>map(Secret.Value.Text::new)
                .or(() -> binary.map(
                        bytes -> new Secret.Value.Binary(Base64.getEncoder().encodeToString(bytes))));
    }

    private static Optional<String> token(Input input) {
        return input.optionalText("ClientRequestToken", MIN_VERSION_ID, MAX_VERSION_ID);
    }

    private static AwsError tokenMissing() {
        return AwsError.of(
                "InvalidRequestException",
                "You must provide a ClientRequestToken value. We recommend a UUID-type value.");
    }

    private static AwsError noValue(String where) {
        return AwsError.of(
                "ResourceNotFoundException", "Secrets Manager can't find the specified secret value for " + where);
    }

    private static ObjectNode named(Secret secret) {
        return JsonNodeFactory.instance.objectNode().put("ARN", secret.arn()).put("Name", secret.name());
    }

    private static void putStages(ObjectNode answer, Secret secret, Secret.Version version) {
        List<String> stages = secret.stagesOf(version);
        if (!stages.isEmpty()) {
            stages.forEach(answer.putArray("VersionStages")::add);
        }
    }

    private static double seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toEpochMilli() / 1000.0;
    }
}
