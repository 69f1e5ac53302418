package finance.votis.sessions.aws;

import finance.votis.sessions.runtime.Deadline;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * A secret whose versions are the states of something. {@code PutSecretValue} moves a stage without comparing, so a write is made
 * exclusive by its version's id, which we choose: of two writes under one id the second is refused unless it is the same. Every method
 * throws {@link AwsFailure} where AWS refuses for another reason or does not answer in time. Thread-safe.
 */
public final class VersionedSecret {

    private static final String CURRENT = "AWSCURRENT";
    private static final String PENDING = "AWSPENDING";
    private static final String PREVIOUS = "AWSPREVIOUS";
    private static final String GET = "GetSecretValue";
    private static final String PUT = "PutSecretValue";
    private static final String UPDATE_STAGE = "UpdateSecretVersionStage";
    private static final String DESCRIBE = "DescribeSecret";

    private final SecretsManagerClient secrets;
    private final String secretId;

    public VersionedSecret(AwsClients clients, String secretId) {
        this.secrets = clients.secretsManager();
        this.secretId = secretId;
    }

    /**
     * One version as it was read.
     *
     * @param arn of the secret
     * @param id of the version
     * @param storedAt when the version was put
     * @param text empty if the version is binary
     */
    public record Version(String arn, String id, Set<String> stages, Instant storedAt, String text) {

        public boolean isPending() {
            return stages.contains(PENDING);
        }

        @Override
        public String toString() {
            return "Version[" + id + ", " + stages + "]";
        }
    }

    /** The version at {@code AWSCURRENT}; every secret with a value has one. */
    public Version current(Deadline deadline) {
        try {
            return read(CURRENT, deadline);
        } catch (SdkException e) {
            throw AwsFailure.of(GET, secretId, e);
        }
    }

    /** The version at {@code AWSPENDING}. */
    public Optional<Version> pending(Deadline deadline) {
        return find(PENDING, deadline);
    }

    /** The version that was current before, which Secrets Manager moves {@code AWSPREVIOUS} to. */
    public Optional<Version> previous(Deadline deadline) {
        return find(PREVIOUS, deadline);
    }

    /** When anything of the secret was changed last, its stages included. */
    public Instant changedAt(Deadline deadline) {
        var limit = AwsCall.within(deadline, DESCRIBE, secretId);
        try {
            return secrets.describeSecret(
                            request -> request.overrideConfiguration(limit).secretId(secretId))
                    .lastChangedDate();
        } catch (SdkException e) {
            throw AwsFailure.of(DESCRIBE, secretId, e);
        }
    }

    /**
     * Puts a version at {@code AWSPENDING} if there is none of this id yet.
     *
     * @param id 32 to 64 characters
     * @return false if there is a version of this id with another text: another run was first
     */
    public boolean putPending(String id, String text, Deadline deadline) {
        var limit = AwsCall.within(deadline, PUT, secretId);
        try {
            secrets.putSecretValue(request -> request.overrideConfiguration(limit)
                    .secretId(secretId)
                    .clientRequestToken(id)
                    .secretString(text)
                    .versionStages(PENDING));
            return true;
        } catch (ResourceExistsException e) {
            return false;
        } catch (SdkException e) {
            throw AwsFailure.of(PUT, secretId, e);
        }
    }

    /**
     * Moves {@code AWSCURRENT} if it still is where it was seen.
     *
     * @return false if it is at a third version: another run was first
     */
    public boolean makeCurrent(String id, String seenAt, Deadline deadline) {
        var limit = AwsCall.within(deadline, UPDATE_STAGE, secretId);
        try {
            secrets.updateSecretVersionStage(request -> request.overrideConfiguration(limit)
                    .secretId(secretId)
                    .versionStage(CURRENT)
                    .moveToVersionId(id)
                    .removeFromVersionId(seenAt));
            return true;
        } catch (InvalidParameterException | InvalidRequestException e) {
            // Also the answer to the SDK's repeat of a move that took effect although its answer was lost.
            return current(deadline).id().equals(id);
        } catch (SdkException e) {
            throw AwsFailure.of(UPDATE_STAGE, secretId, e);
        }
    }

    /** Takes {@code AWSPENDING} off a version; that it is not there any more is as good. */
    public void takeOffPending(String id, Deadline deadline) {
        var limit = AwsCall.within(deadline, UPDATE_STAGE, secretId);
        try {
            secrets.updateSecretVersionStage(request -> request.overrideConfiguration(limit)
                    .secretId(secretId)
                    .versionStage(PENDING)
                    .removeFromVersionId(id));
        } catch (InvalidParameterException | InvalidRequestException | ResourceNotFoundException e) {
            if (pending(deadline).filter(version -> version.id().equals(id)).isPresent()) {
                throw AwsFailure.of(UPDATE_STAGE, secretId, e);
            }
        } catch (SdkException e) {
            throw AwsFailure.of(UPDATE_STAGE, secretId, e);
        }
    }

    private Optional<Version> find(String stage, Deadline deadline) {
        try {
            return Optional.of(read(stage, deadline));
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw AwsFailure.of(GET, secretId, e);
        }
    }

    private Version read(String stage, Deadline deadline) {
        var limit = AwsCall.within(deadline, GET, secretId);
        GetSecretValueResponse response = secrets.getSecretValue(request ->
                request.overrideConfiguration(limit).secretId(secretId).versionStage(stage));
        return new Version(
                response.arn(),
                response.versionId(),
                Set.copyOf(response.versionStages()),
                response.createdDate(),
                Optional.ofNullable(response.secretString()).orElse(""));
    }
}
