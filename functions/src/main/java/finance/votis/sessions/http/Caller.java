package finance.votis.sessions.http;

import finance.votis.sessions.runtime.ApiCall;
import finance.votis.sessions.runtime.Invocation;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.turnkey.OrganizationId;
import finance.votis.sessions.turnkey.UserId;
import java.util.Optional;
import java.util.function.Function;

/** Who calls: taken from the claims that the gateway verified, never from anything that the caller can write. */
public record Caller(OrganizationId organizationId, UserId userId) {

    /**
     * Reads both claims and notes them for the log.
     *
     * @throws RefusedAtTheDoor missing-claim, also where no authorizer ran or a claim is not a UUID
     */
    public static Caller from(ApiCall call, ClaimNames names, Invocation invocation) throws RefusedAtTheDoor {
        Caller caller = new Caller(
                claim(call, names.organization(), OrganizationId::parse), claim(call, names.user(), UserId::parse));
        invocation.note(LogField.ORGANIZATION_ID, caller.organizationId().value());
        invocation.note(LogField.USER_ID, caller.userId().value());
        return caller;
    }

    /**
     * Ids in a body are welcome where they are the caller's own.
     *
     * @throws RefusedAtTheDoor not-yours for another's, or invalid-field for what is not text
     */
    public void checkIdsIn(JsonBody body) throws RefusedAtTheDoor {
        checkOrganizationIn(body);
        checkUserIn(body);
    }

    /** As {@link #checkIdsIn}, of the organisation alone. */
    public void checkOrganizationIn(JsonBody body) throws RefusedAtTheDoor {
        checkId(body, "organizationId", organizationId.value(), OrganizationId::parse);
    }

    /** As {@link #checkIdsIn}, of the user alone. */
    public void checkUserIn(JsonBody body) throws RefusedAtTheDoor {
        checkId(body, "userId", userId.value(), UserId::parse);
    }

    private static <T> void checkId(JsonBody body, String field, String own, Function<String, Optional<T>> parse)
            throws RefusedAtTheDoor {
        Optional<String> sent = body.text(field);
        if (sent.isPresent() && !parse.apply(sent.get()).map(Object::toString).equals(Optional.of(own))) {
            throw body.refusal(ProblemType.NOT_YOURS, field, "must be the caller's own id");
        }
    }

    private static <T> T claim(ApiCall call, String name, Function<String, Optional<T>> parse) throws RefusedAtTheDoor {
        return Optional.ofNullable(call.claims().get(name))
                .flatMap(parse)
                .orElseThrow(() -> new RefusedAtTheDoor(Problem.of(
                        ProblemType.MISSING_CLAIM, "the access token must have the claim " + name + ", a UUID")));
    }
}
