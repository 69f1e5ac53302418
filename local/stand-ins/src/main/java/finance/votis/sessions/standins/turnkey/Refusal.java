package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What Turnkey refuses, in the words and codes of its errors page. Where the text is not public it is ours, and says
 * so. A hint for the developer travels beside it as a detail of another type, which a client has to ignore.
 */
final class Refusal extends Exception {
    private static final String ERROR_DETAIL = "type.googleapis.com/errors.v1.TurnkeyErrorDetail";
    private static final String DEBUG_DETAIL = "type.googleapis.com/google.rpc.DebugInfo";

    private static final int INVALID_ARGUMENT = 3;
    private static final int NOT_FOUND = 5;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNIMPLEMENTED = 12;
    private static final int INTERNAL = 13;
    private static final int UNAVAILABLE = 14;
    private static final int UNAUTHENTICATED = 16;

    private final int status;
    private final int grpcCode;
    private final Optional<String> code;
    private final String text;
    private final Optional<String> hint;

    private Refusal(int status, int grpcCode, Optional<String> code, String text, Optional<String> hint) {
        super(text, null, false, false);
        this.status = status;
        this.grpcCode = grpcCode;
        this.code = code;
        this.text = text;
        this.hint = hint;
    }

    /** Any refusal by status, for faults: the gRPC number follows from the status. */
    static Refusal of(int status, Optional<String> code, String text) {
        int grpcCode = switch (status) {
            case 400, 413 -> INVALID_ARGUMENT;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> NOT_FOUND;
            case 405 -> UNIMPLEMENTED;
            case 429 -> RESOURCE_EXHAUSTED;
            case 502, 503, 504 -> UNAVAILABLE;
            default -> INTERNAL;
        };
        return new Refusal(status, grpcCode, code, text, Optional.empty());
    }

    private static Refusal of(int status, String code, String text) {
        return of(status, Optional.of(code), text);
    }

    private Refusal because(String ourHint) {
        return new Refusal(status, grpcCode, code, text, Optional.of(ourHint));
    }

    static Refusal methodNotAllowed() {
        return of(405, Optional.empty(), "Method Not Allowed");
    }

    static Refusal noSuchPath() {
        return of(404, Optional.empty(), "Not Found");
    }

    static Refusal tooManyRequests() {
        return of(429, Optional.empty(), "Too many requests. Please wait and try again in a few seconds");
    }

    static Refusal bodyTooLarge() {
        return of(413, Optional.empty(), "request body too large");
    }

    static Refusal noStampOnActivity() {
        return of(
                401,
                "SIGNATURE_MISSING",
                "cannot authenticate public API activity request without a stamp (X-Stamp/X-Stamp-Webauthn header)");
    }

    static Refusal noStampOnQuery() {
        return of(401, "SIGNATURE_MISSING", "no valid authentication signature found for request");
    }

    static Refusal severalStamps() {
        return badRequestBody("exactly one of X-Stamp, X-Stamp-WebAuthn, X-Stamp-Attested and X-Session");
    }

    static Refusal stampNotExtractable() {
        return of(401, Optional.empty(), "could not extract api key stamp");
    }

    static Refusal webauthnStampNotExtractable() {
        return of(401, Optional.empty(), "could not extract webauthn stamp");
    }

    /** Also if its challenge, origin or anything else of the assertion is not as it must be: which text Turnkey has for these is not known. */
    static Refusal webauthnSignatureInvalid() {
        return of(401, "SIGNATURE_INVALID", "could not verify WebAuthN signature");
    }

    static Refusal credentialNotFound() {
        return of(
                401,
                "CREDENTIAL_NOT_FOUND",
                "credential ID could not be found in organization or its parent organization");
    }

    static Refusal credentialInSeveralSubOrganizations() {
        return of(401, "CREDENTIAL_CONFLICT", "more than one suborg associated with a credential ID");
    }

    static Refusal malformedStamp() {
        return of(401, Optional.empty(), "malformed activity stamp");
    }

    static Refusal signatureInvalid() {
        return of(401, "SIGNATURE_INVALID", "could not verify api key signature");
    }

    static Refusal keyNotFound(boolean query) {
        return of(
                401,
                "PUBLIC_KEY_NOT_FOUND",
                query
                        ? "could not find public key in organization or its parent organization"
                        : "could not find public key in organization");
    }

    static Refusal keyExpired() {
        return of(401, "API_KEY_EXPIRED", "expired api key");
    }

    static Refusal keyInSeveralSubOrganizations() {
        return of(401, "CREDENTIAL_CONFLICT", "more than one suborg associated with a public key");
    }

    static Refusal sessionNotAccepted() {
        return of(401, "UNAUTHENTICATED", "no valid authentication signature found for request")
                .because("the X-Session is unknown, over, or of another organisation");
    }

    static Refusal badRequestBody(String ourHint) {
        return of(400, "REQUEST_INVALID", "bad request body").because(ourHint);
    }

    static Refusal malformedOrganizationId() {
        return of(400, "INVALID_ORGANIZATION_ID", "malformed organization ID provided");
    }

    static Refusal invalidExpiration() {
        return of(400, "REQUEST_INVALID", "invalid api key expiration");
    }

    static Refusal organizationMismatch(String target, String voters) {
        return of(
                400,
                "ORGANIZATION_MISMATCH",
                "organization mismatch: request is targeting organization (\"" + target
                        + "\"), but voters are in organization (\"" + voters + "\")");
    }

    static Refusal organizationNotFound() {
        return of(404, "ORGANIZATION_NOT_FOUND", "no organization found with the given ID");
    }

    /** Ours: for users, keys and activities Turnkey's text is not public. */
    static Refusal notFound(String what) {
        return of(404, Optional.empty(), what + " not found");
    }

    static Refusal noActivityWithFingerprint() {
        return of(
                404,
                Optional.empty(),
                "No activity found with fingerprint. Consensus activities must target an existing activity by"
                        + " fingerprint");
    }

    static Refusal notAuthorized() {
        return of(403, "REQUEST_NOT_AUTHORIZED", "request not authorized");
    }

    static Refusal tooManyLongLivedKeys() {
        return of(429, Optional.empty(), "user has exceeded maximum long-lived api keys");
    }

    static Refusal internal(String uuid) {
        return of(500, "INTERNAL", "internal server error (" + uuid + ")");
    }

    int status() {
        return status;
    }

    /** {@code {"code":3,"message":"…","details":[…]}}: the body of an error, and the failure of an activity. */
    ObjectNode json() {
        ObjectNode error = Json.object();
        error.put("code", grpcCode);
        error.put("message", text);
        ArrayNode details = error.putArray("details");
        code.ifPresent(name -> details.addObject().put("@type", ERROR_DETAIL).put("turnkeyErrorCode", name));
        hint.ifPresent(detail -> details.addObject().put("@type", DEBUG_DETAIL).put("detail", detail));
        return error;
    }
}
