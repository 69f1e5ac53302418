package finance.votis.sessions.standins.iam;

/**
 * Who asks.
 *
 * @param arn as error messages name it: of a role, that of its session
 * @param principal as policies name it: ARN of a role or user, or the domain name of a service
 */
public record Caller(String arn, String principal) {

    /** A role as it is assumed: {@code arn:aws:sts::…:assumed-role/NAME/SESSION}. */
    static Caller session(String roleArn, String session) {
        String[] parts = roleArn.split(":", 6);
        String name = parts[5].substring(parts[5].lastIndexOf('/') + 1);
        return new Caller(
                String.join(":", parts[0], parts[1], "sts", parts[3], parts[4], "assumed-role/" + name + "/" + session),
                roleArn);
    }

    static Caller user(String userArn) {
        return new Caller(userArn, userArn);
    }

    static Caller service(String domainName) {
        return new Caller(domainName, domainName);
    }

    /** Empty string for a service. */
    String account() {
        String[] parts = principal.split(":", 6);
        return parts.length == 6 ? parts[4] : "";
    }
}
