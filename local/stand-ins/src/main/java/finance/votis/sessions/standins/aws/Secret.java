package finance.votis.sessions.standins.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One secret: its versions and which of them holds each stage. Not thread-safe: {@link SecretsManager} holds the lock. */
final class Secret {
    static final String CURRENT = "AWSCURRENT";
    static final String PREVIOUS = "AWSPREVIOUS";

    private static final int MAX_VERSIONS = 100;
    private static final int MAX_STAGES = 20;
    private static final Duration KEPT_IN_ANY_CASE = Duration.ofHours(24);

    /** What a version holds, as sent: either text or base64. */
    sealed interface Value {
        record Text(String text) implements Value {
            @Override
            public String toString() {
                return "<redacted>";
            }
        }

        record Binary(String base64) implements Value {
            @Override
            public String toString() {
                return "<redacted>";
            }
        }
    }

    record Version(String id, Value value, Instant createdAt) {}

    private final String name;
    private final String arn;
    private final Instant createdAt;
    private final Optional<String> description;
    private final Optional<String> kmsKeyId;
    private final Map<String, Version> versions = new LinkedHashMap<>();
    private final Map<String, String> holders = new TreeMap<>();
    private Instant changedAt;
    private @Nullable Instant deletedAt;

    Secret(String name, String arn, Optional<String> description, Optional<String> kmsKeyId, Instant createdAt) {
        this.name = name;
        this.arn = arn;
        this.description = description;
        this.kmsKeyId = kmsKeyId;
        this.createdAt = createdAt;
        this.changedAt = createdAt;
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant changedAt() {
        return changedAt;
    }

    Optional<String> description() {
        return description;
    }

    Optional<String> kmsKeyId() {
        return kmsKeyId;
    }

    /** In the order of their making. */
    Collection<Version> versions() {
        return versions.values();
    }

    Optional<Version> version(String id) {
        return Optional.ofNullable(versions.get(id));
    }

    Optional<Version> holder(String stage) {
        return Optional.ofNullable(holders.get(stage)).map(versions::get);
    }

    /** The stages of one version, sorted; none: the version is deprecated. */
    List<String> stagesOf(Version version) {
        return holders.entrySet().stream()
                .filter(holder -> holder.getValue().equals(version.id()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** When the recovery window ends; empty: not marked for deletion. */
    Optional<Instant> deletedAt() {
        return Optional.ofNullable(deletedAt);
    }

    void delete(Instant end, Instant now) {
        deletedAt = end;
        changedAt = now;
    }

    void restore(Instant now) {
        deletedAt = null;
        changedAt = now;
    }

    /**
     * Adds a version and moves stages to it, whoever holds them. The first version becomes {@code AWSCURRENT} whatever is
     * asked for. An id that is known already does nothing if the value is the same, and is refused if not.
     */
    Version put(String id, Value value, List<String> stages, Instant now) {
        Version known = versions.get(id);
        if (known != null) {
            if (known.value().equals(value)) {
                return known;
            }
            throw AwsError.of(
                    "ResourceExistsException",
                    "You can't use ClientRequestToken " + id
                            + " because that value is already in use for a version of secret " + arn + ".");
        }
        TreeSet<String> moved = new TreeSet<>(stages);
        if (versions.isEmpty()) {
            moved.add(CURRENT);
        }
        checkNumberOfStages(moved);
        makeRoom(now);
        Version version = new Version(id, value, now);
        versions.put(id, version);
        // AWSCURRENT last: where AWSPREVIOUS is asked for as well, the automatic move of it wins.
        moved.reversed().forEach(stage -> attach(stage, id));
        changedAt = now;
        return version;
    }

    /** Moves, adds or removes a stage. What is to lose it must be named, and must hold it: the one write that compares. */
    void moveStage(String stage, Optional<String> from, Optional<String> to, Instant now) {
        Optional<String> holder = Optional.ofNullable(holders.get(stage));
        if (from.isEmpty() && to.isEmpty()) {
            throw invalid("You must specify RemoveFromVersionId, MoveToVersionId or both.");
        }
        if (to.isPresent() && !versions.containsKey(to.get())) {
            throw AwsError.of(
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret version: " + to.get());
        }
        if (from.isPresent() && !from.equals(holder)) {
            throw invalid("The staging label " + stage + " is not attached to the version in RemoveFromVersionId.");
        }
        if (from.isEmpty() && holder.isPresent() && !holder.equals(to)) {
            throw invalid("The parameter RemoveFromVersionId can't be empty. Staging label " + stage
                    + " is currently attached to version " + holder.get()
                    + ", so you must explicitly reference that version in RemoveFromVersionId.");
        }
        if (to.isPresent()) {
            checkNumberOfStages(List.of(stage));
            attach(stage, to.get());
        } else if (stage.equals(CURRENT)) {
            // Not in the reference; a secret that loses its current version by a slip would be the worse guess.
            throw invalid("You can only move staging label AWSCURRENT to a different secret version.");
        } else {
            holders.remove(stage);
        }
        changedAt = now;
    }

    private void attach(String stage, String id) {
        String before = holders.put(stage, id);
        if (stage.equals(CURRENT) && before != null && !before.equals(id)) {
            holders.put(PREVIOUS, before);
        }
    }

    private void checkNumberOfStages(Collection<String> added) {
        TreeSet<String> all = new TreeSet<>(holders.keySet());
        all.addAll(added);
        if (all.size() > MAX_STAGES) {
            throw AwsError.of("LimitExceededException", "A secret can have at most " + MAX_STAGES + " staging labels.");
        }
    }

    /** The real limit is "about 100"; versions go oldest first, but none with a stage and none under 24 hours old. */
    private void makeRoom(Instant now) {
        List<String> deprecated = versions.values().stream()
                .filter(version -> !holders.containsValue(version.id()))
                .filter(version -> version.createdAt().plus(KEPT_IN_ANY_CASE).isBefore(now))
                .map(Version::id)
                .toList();
        for (String id : deprecated) {
            if (versions.size() < MAX_VERSIONS) {
                return;
            }
            versions.remove(id);
        }
        if (versions.size() >= MAX_VERSIONS) {
            throw AwsError.of(
                    "LimitExceededException", "The secret has reached its limit of " + MAX_VERSIONS + " versions.");
        }
    }

    private static AwsError invalid(String message) {
        return AwsError.of("InvalidParameterException", message);
    }
}
