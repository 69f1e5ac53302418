package finance.votis.sessions.standins.aws;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import finance.votis.sessions.standins.iam.Caller;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * AWS JSON 1.1: {@code POST /}, the operation in {@code X-Amz-Target}, errors by {@code __type}. Checks what AWS checks before
 * a service sees a request, records it, applies the faults asked for.
 */
final class AwsEndpoint implements BlockingHttpServer.Handler {
    private static final String CONTENT_TYPE = "application/x-amz-json-1.1";

    /** A stand-in may be up for days. */
    private static final int MAX_RECORDED = 10_000;

    private final SecretsManager secrets;
    private final Kms kms;
    private final Logs logs;
    private final Optional<Authorization> authorization;
    private final Faults faults;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Deque<RecordedRequest> requests = new ArrayDeque<>();

    /** @param authorization empty: whoever signs may do anything */
    AwsEndpoint(
            SecretsManager secrets,
            Kms kms,
            Logs logs,
            Optional<Authorization> authorization,
            Faults faults,
            InstantSource clock,
            SecureRandom random) {
        this.secrets = secrets;
        this.kms = kms;
        this.logs = logs;
        this.authorization = authorization;
        this.faults = faults;
        this.clock = clock;
        this.random = random;
    }

    List<RecordedRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    @Override
    public Reply handle(Request request) {
        Operation operation = operation(request).orElse(null);
        if (operation == null) {
            return reply(404, nothing().put("__type", "UnknownOperationException"));
        }
        try {
            return answer(request, operation);
        } catch (AwsError e) {
            return error(e, operation.service());
        }
    }

    private Reply answer(Request request, Operation operation) {
        String accessKeyId = SigV4.accessKeyId(request, operation.service());
        Input input = Input.parse(operation.service(), request.body());
        record(RecordedRequest.of(clock.instant(), operation, accessKeyId, input));
        Optional<Caller> caller = authorization.map(rules -> rules.caller(accessKeyId));
        Fault fault = faults.take(operation).orElse(null);
        return switch (fault) {
            case null -> ok(call(caller, operation, input));
            case Fault.Throttled() -> throw AwsError.of("ThrottlingException", "Rate exceeded");
            case Fault.Broken() -> throw AwsError.internal(operation.service());
            case Fault.AccessDenied() ->
                throw AwsError.of(
                        "AccessDeniedException",
                        "User with access key " + accessKeyId + " is not authorized to perform: " + operation.action());
            case Fault.Late late -> new Reply.After(late.delay(), late(caller, operation, input));
            case Fault.ResetBefore() -> new Reply.Reset();
            case Fault.ResetAfter() -> {
                late(caller, operation, input);
                yield new Reply.Reset();
            }
        };
    }

    /** The answer, an error as well, of a call whose answer has yet to travel. */
    private Reply.Whole late(Optional<Caller> caller, Operation operation, Input input) {
        try {
            return ok(call(caller, operation, input));
        } catch (AwsError e) {
            return error(e, operation.service());
        }
    }

    private ObjectNode call(Optional<Caller> caller, Operation operation, Input input) {
        authorization.ifPresent(rules -> rules.require(caller.orElseThrow(), operation, input));
        return switch (operation) {
            case CREATE_SECRET -> secrets.create(input);
            case GET_SECRET_VALUE -> secrets.getValue(input);
            case PUT_SECRET_VALUE -> secrets.putValue(input);
            case UPDATE_SECRET_VERSION_STAGE -> secrets.updateVersionStage(input);
            case DESCRIBE_SECRET -> secrets.describe(input);
            case LIST_SECRET_VERSION_IDS -> secrets.listVersionIds(input);
            case DELETE_SECRET -> secrets.delete(input);
            case RESTORE_SECRET -> secrets.restore(input);
            case CREATE_KEY -> kms.createKey(input);
            case CREATE_ALIAS -> kms.createAlias(input);
            case UPDATE_ALIAS -> kms.updateAlias(input);
            case DELETE_ALIAS -> kms.deleteAlias(input);
            case DESCRIBE_KEY -> kms.describeKey(input);
            case ENABLE_KEY -> kms.setEnabled(input, true);
            case DISABLE_KEY -> kms.setEnabled(input, false);
            case SCHEDULE_KEY_DELETION -> kms.scheduleKeyDeletion(input);
            case CANCEL_KEY_DELETION -> kms.cancelKeyDeletion(input);
            case ENCRYPT -> kms.encrypt(input);
            case DECRYPT -> kms.decrypt(input);
            case SIGN -> kms.sign(input);
            case GET_PUBLIC_KEY -> kms.getPublicKey(input);
            case FILTER_LOG_EVENTS -> logs.filterEvents(input);
        };
    }

    /** Empty also for a wrong method or content type, before any service has looked. */
    private static Optional<Operation> operation(Request request) {
        boolean call = request.method().equals("POST")
                && request.path().equals("/")
                && request.header("Content-Type").orElse("").equals(CONTENT_TYPE);
        return call ? request.header("X-Amz-Target").flatMap(Operation::byTarget) : Optional.empty();
    }

    private Reply.Whole ok(ObjectNode answer) {
        return reply(200, answer);
    }

    private Reply.Whole error(AwsError error, Operation.Service service) {
        // The services' models write the member differently.
        String member = switch (service) {
            case SECRETS_MANAGER -> "Message";
            case KMS, LOGS -> "message";
        };
        return reply(error.status(), nothing().put("__type", error.type()).put(member, error.getMessage()));
    }

    private Reply.Whole reply(int status, ObjectNode answer) {
        return new Reply.Whole(
                status,
                Map.of(
                        "Content-Type",
                        CONTENT_TYPE,
                        "x-amzn-RequestId",
                        RandomIds.uuid(random).toString()),
                answer.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void record(RecordedRequest request) {
        synchronized (requests) {
            if (requests.size() == MAX_RECORDED) {
                requests.removeFirst();
            }
            requests.addLast(request);
        }
    }

    private static ObjectNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }
}
