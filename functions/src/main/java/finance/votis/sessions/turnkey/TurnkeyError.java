package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error of Turnkey's, from an HTTP refusal or from a failed activity: two doors, one error. Keeps its meaning, code and incident,
 * not its text, which may hold ids and e-mail addresses.
 */
public final class TurnkeyError {
    private static final Pattern CODE = Pattern.compile("[A-Z0-9_]{1,64}");
    private static final Pattern INCIDENT = Pattern.compile("internal server error \\(?([0-9a-f-]{36})");

    private final Refusal refusal;
    private final Optional<String> code;
    private final Optional<String> incident;

    private TurnkeyError(Refusal refusal, Optional<String> code, Optional<String> incident) {
        this.refusal = refusal;
        this.code = code;
        this.incident = incident;
    }

    /** @param body {@code {code, message, details}}; any part may be absent or null (Turnkey docs: errors) */
    static TurnkeyError ofAnswer(int status, JsonNode body) {
        String text = body.path("message").asText("").toLowerCase(Locale.ROOT);
        Optional<String> code = code(body.path("details"));
        Refusal refusal = byTextThatSharesItsCode(text)
                .or(() -> code.flatMap(TurnkeyError::byCode))
                .or(() -> byText(text))
                .orElseGet(() -> byStatus(status, code));
        return new TurnkeyError(refusal, code, incident(text));
    }

    /** The status of a machine before Turnkey's own, which may answer in any form. */
    static TurnkeyError ofServerBefore(int status) {
        return new TurnkeyError(byStatus(status, Optional.empty()), Optional.empty(), Optional.empty());
    }

    static TurnkeyError ofFailedActivity(JsonNode failure) {
        return ofAnswer(200, failure);
    }

    /** Rows of the documented errors that one code or one status lumps together: 429 says "wait", "pay" and "delete keys". */
    private static Optional<Refusal> byTextThatSharesItsCode(String text) {
        if (text.contains("exceeded maximum") && text.contains("api keys")) {
            return Optional.of(Refusal.TOO_MANY_KEYS);
        }
        if (text.contains("over its allotted quota")) {
            return Optional.of(Refusal.QUOTA_EXCEEDED);
        }
        if (text.contains("has been rate limited")) {
            return Optional.of(Refusal.ORGANIZATION_RATE_LIMITED);
        }
        if (text.contains("too many requests")) {
            return Optional.of(Refusal.TOO_MANY_REQUESTS);
        }
        if (text.contains("invalid api key expiration")) {
            return Optional.of(Refusal.BAD_EXPIRATION);
        }
        return Optional.empty();
    }

    private static Optional<Refusal> byCode(String code) {
        return switch (code) {
            case "REQUEST_INVALID" -> Optional.of(Refusal.BAD_REQUEST);
            case "INVALID_ORGANIZATION_ID" -> Optional.of(Refusal.BAD_ORGANIZATION_ID);
            case "ORGANIZATION_MISMATCH" -> Optional.of(Refusal.ORGANIZATION_MISMATCH);
            case "SIGNATURE_MISSING" -> Optional.of(Refusal.STAMP_NOT_ACCEPTED);
            case "SIGNATURE_INVALID" -> Optional.of(Refusal.SIGNATURE_INVALID);
            case "PUBLIC_KEY_NOT_FOUND" -> Optional.of(Refusal.KEY_UNKNOWN);
            case "API_KEY_EXPIRED" -> Optional.of(Refusal.KEY_EXPIRED);
            case "CREDENTIAL_CONFLICT" -> Optional.of(Refusal.CREDENTIAL_CONFLICT);
            case "REQUEST_NOT_AUTHORIZED" -> Optional.of(Refusal.NOT_AUTHORIZED);
            case "API_OPERATIONS_DISABLED", "UNAUTHENTICATED" -> Optional.of(Refusal.OPERATIONS_DISABLED);
            case "ORGANIZATION_NOT_FOUND" -> Optional.of(Refusal.ORGANIZATION_NOT_FOUND);
            case "RATE_LIMIT_EXCEEDED" -> Optional.of(Refusal.ORGANIZATION_RATE_LIMITED);
            case "SIGNING_QUOTA_EXCEEDED" -> Optional.of(Refusal.QUOTA_EXCEEDED);
            case "INTERNAL" -> Optional.of(Refusal.INTERNAL);
            default -> Optional.empty();
        };
    }

    /** Not every error has a code. */
    private static Optional<Refusal> byText(String text) {
        for (Text known : Text.values()) {
            if (text.contains(known.part)) {
                return Optional.of(known.refusal);
            }
        }
        return Optional.empty();
    }

    /** Parts of Turnkey's documented messages, in lower case. */
    private enum Text {
        BAD_ORGANIZATION("malformed organization id", Refusal.BAD_ORGANIZATION_ID),
        BAD_BODY("bad request body", Refusal.BAD_REQUEST),
        MISMATCH("organization mismatch", Refusal.ORGANIZATION_MISMATCH),
        NO_SIGNATURE("no valid authentication signature", Refusal.STAMP_NOT_ACCEPTED),
        NO_STAMP("without a stamp", Refusal.STAMP_NOT_ACCEPTED),
        BAD_STAMP("malformed activity stamp", Refusal.STAMP_NOT_ACCEPTED),
        NOT_EXTRACTED("could not extract", Refusal.STAMP_NOT_ACCEPTED),
        NOT_VERIFIED("could not verify api key signature", Refusal.SIGNATURE_INVALID),
        NO_KEY("could not find public key", Refusal.KEY_UNKNOWN),
        NO_KEY_EITHER("public key could not be found", Refusal.KEY_UNKNOWN),
        EXPIRED("expired api key", Refusal.KEY_EXPIRED),
        AMBIGUOUS("more than one suborg", Refusal.CREDENTIAL_CONFLICT),
        NOT_AUTHORIZED("request not authorized", Refusal.NOT_AUTHORIZED),
        DISABLED("api operations disabled", Refusal.OPERATIONS_DISABLED),
        NOT_AUTHENTICATED("authentication failed", Refusal.OPERATIONS_DISABLED),
        NO_ORGANIZATION("no organization found", Refusal.ORGANIZATION_NOT_FOUND),
        NO_ACTIVITY("no activity found", Refusal.NOT_FOUND),
        INTERNAL("internal server error", Refusal.INTERNAL);

        final String part;
        final Refusal refusal;

        Text(String part, Refusal refusal) {
            this.part = part;
            this.refusal = refusal;
        }
    }

    /** What is left for the status to say, where neither code nor text is known. */
    private static Refusal byStatus(int status, Optional<String> code) {
        if (status >= 500) {
            return Refusal.INTERNAL;
        }
        if (code.isPresent()) {
            return Refusal.OTHER;
        }
        return switch (status) {
            case 404 -> Refusal.NOT_FOUND;
            case 429 -> Refusal.TOO_MANY_REQUESTS;
            default -> Refusal.OTHER;
        };
    }

    private static Optional<String> code(JsonNode details) {
        for (JsonNode detail : details) {
            Optional<String> code = Members.text(detail, "turnkeyErrorCode");
            if (code.isPresent()) {
                // It is logged and handed on, so it must look like a code.
                return code.filter(c -> CODE.matcher(c).matches());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> incident(String text) {
        Matcher found = INCIDENT.matcher(text);
        return found.find() ? Uuid.canonical(found.group(1)) : Optional.empty();
    }

    public Refusal refusal() {
        return refusal;
    }

    /** Turnkey's {@code turnkeyErrorCode}, capitals, digits and underscores, also one that we do not know. */
    public Optional<String> code() {
        return code;
    }

    /** The UUID that Turnkey gives with an internal error, for its support. */
    public Optional<String> incident() {
        return incident;
    }

    @Override
    public String toString() {
        return "TurnkeyError[" + refusal + code.map(c -> ", " + c).orElse("")
                + incident.map(i -> ", incident " + i).orElse("") + "]";
    }
}
