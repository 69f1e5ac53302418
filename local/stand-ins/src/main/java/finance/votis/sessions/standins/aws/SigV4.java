package finance.votis.sessions.standins.aws;

import finance.votis.sessions.standins.http.Request;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Presence and form of a Signature Version 4 in the {@code Authorization} header. The access key in it says who asks, and is believed: the
 * signature itself and the age of its date are not checked, since the stand-in issues no secret keys and runs on a clock of its own. The
 * region is taken as it comes.
 */
final class SigV4 {
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 "
                    + "Credential=(?<credential>[^,\\s]+),\\s*SignedHeaders=(?<signed>[^,\\s]+),\\s*Signature=(?<signature>[^,\\s]+)");
    private static final Pattern SCOPE = Pattern.compile(
            "(?<key>[A-Za-z0-9]{16,128})/(?<date>\\d{8})/[a-z0-9-]+/(?<service>[a-z0-9-]+)/aws4_request");
    private static final Pattern DATE = Pattern.compile("\\d{8}T\\d{6}Z");
    private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{64}");

    private SigV4() {}

    /** The access key id of the caller, as claimed. */
    static String accessKeyId(Request request, Operation.Service service) {
        String authorization = request.header("Authorization")
                .orElseThrow(() -> AwsError.of("MissingAuthenticationTokenException", "Missing Authentication Token"));
        Matcher parts = AUTHORIZATION.matcher(authorization);
        if (!parts.matches()) {
            throw incomplete("Authorization header requires Credential, SignedHeaders and Signature parameters.");
        }
        Matcher scope = SCOPE.matcher(parts.group("credential"));
        if (!scope.matches()) {
            throw incomplete("Credential must have exactly 5 slash-delimited elements, ending in aws4_request.");
        }
        if (!SIGNATURE.matcher(parts.group("signature")).matches()) {
            throw incomplete("Signature must be 64 hexadecimal characters.");
        }
        String date = request.header("X-Amz-Date").orElse("");
        if (!DATE.matcher(date).matches()) {
            throw incomplete("Date must be in ISO-8601 'basic format', in the header 'X-Amz-Date'.");
        }
        List<String> signed = List.of(parts.group("signed").split(";", -1));
        for (String header : List.of("host", "x-amz-date", "x-amz-target")) {
            if (!signed.contains(header)) {
                throw incomplete("'" + header + "' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }
        for (String header : signed) {
            if (request.header(header).isEmpty()) {
                throw incomplete("Signed header '" + header + "' is not in the request.");
            }
        }
        if (!date.startsWith(scope.group("date"))) {
            throw AwsError.of(
                    "InvalidSignatureException", "Date in Credential scope does not match YYYYMMDD from X-Amz-Date.");
        }
        if (!scope.group("service").equals(service.signingName())) {
            throw AwsError.of(
                    "InvalidSignatureException",
                    "Credential should be scoped to correct service: '" + service.signingName() + "'.");
        }
        return scope.group("key");
    }

    private static AwsError incomplete(String message) {
        return AwsError.of("IncompleteSignatureException", message);
    }
}
