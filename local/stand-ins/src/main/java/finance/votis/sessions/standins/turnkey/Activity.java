package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An activity and what became of it so far. Guarded by its {@link World}. */
final class Activity {
    /** Approvals lapse; activities do not. */
    private static final Duration APPROVAL_LIFE = Duration.ofHours(24);

    enum Status {
        COMPLETED,
        PENDING,
        FAILED,
        REJECTED,
        CONSENSUS_NEEDED,
        AUTHENTICATORS_NEEDED;

        String wireName() {
            return "ACTIVITY_STATUS_" + name();
        }
    }

    private final String id;
    private final Organization organization;
    private final Intent intent;
    private final ObjectNode parameters;
    private final String fingerprint;
    private final Instant createdAt;
    private final List<Approval> approvals = new ArrayList<>();
    private final boolean oneMoreApproval;
    private final boolean leadingZeroKey;
    private Status status = Status.CONSENSUS_NEEDED;
    private Instant updatedAt;
    private ObjectNode result = Json.object();
    private Optional<ObjectNode> failure = Optional.empty();
    private int pollsLeft;

    Activity(
            String id,
            Organization organization,
            Intent intent,
            ObjectNode parameters,
            String fingerprint,
            Instant createdAt,
            Optional<Fault.InActivity> fault) {
        this.id = id;
        this.organization = organization;
        this.intent = intent;
        this.parameters = parameters;
        this.fingerprint = fingerprint;
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
        this.oneMoreApproval = fault.orElse(null) instanceof Fault.ConsensusNeeded;
        this.leadingZeroKey = fault.orElse(null) instanceof Fault.LeadingZeroKey;
    }

    String id() {
        return id;
    }

    Organization organization() {
        return organization;
    }

    Intent intent() {
        return intent;
    }

    ActivityType type() {
        return intent.type();
    }

    ObjectNode parameters() {
        return parameters;
    }

    String fingerprint() {
        return fingerprint;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant updatedAt() {
        return updatedAt;
    }

    Status status() {
        return status;
    }

    /** Empty until completed. */
    ObjectNode result() {
        return result;
    }

    Optional<ObjectNode> failure() {
        return failure;
    }

    /** Every one ever given, lapsed ones too. */
    List<Approval> approvals() {
        return List.copyOf(approvals);
    }

    List<Approval> validApprovals(Instant now) {
        return approvals.stream()
                .filter(approval -> approval.createdAt().plus(APPROVAL_LIFE).isAfter(now))
                .toList();
    }

    /** Who sent it: whatever it makes for "the user who stamps" is this user's. */
    User submitter() {
        return approvals.getFirst().user();
    }

    boolean needsOneMoreApproval() {
        return oneMoreApproval;
    }

    boolean wantsLeadingZeroKey() {
        return leadingZeroKey;
    }

    void approve(Approval approval) {
        approvals.add(approval);
    }

    void stayPending(int polls) {
        status = Status.PENDING;
        pollsLeft = polls;
    }

    /** Whether this look at it was the last in vain. */
    boolean isDueAfterPoll() {
        pollsLeft--;
        return pollsLeft < 0;
    }

    void end(Status end, Instant now) {
        status = end;
        updatedAt = now;
    }

    void complete(ObjectNode withResult, Instant now) {
        result = withResult;
        end(Status.COMPLETED, now);
    }

    void fail(ObjectNode why, Instant now) {
        failure = Optional.of(why);
        end(Status.FAILED, now);
    }
}
