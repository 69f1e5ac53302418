package finance.votis.sessions.server;

import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.Settings;
import finance.votis.sessions.turnkey.OrganizationId;
import java.net.URI;
import java.util.Map;

/**
 * One named session and where it lies: what every admin job has to know.
 *
 * @param session its name
 * @param sessionSecret name or ARN of the secret that holds it in versions
 */
record CanarySettings(
        URI turnkey,
        AwsPlace aws,
        String session,
        OrganizationId organizationId,
        String sessionSecret,
        String wrappingKey) {

    static CanarySettings read(Map<String, String> environment) {
        var settings = new Settings(environment);
        var turnkey = settings.endpoint("TURNKEY_BASE_URL");
        var aws = settings.aws();
        var session = ServerSettings.session(settings);
        var organization = ServerSettings.organization(settings);
        var sessionSecret = ServerSettings.sessionSecret(settings);
        var wrappingKey = ServerSettings.wrappingKey(settings);
        settings.check();
        return new CanarySettings(
                turnkey.get(), aws.get(), session.get(), organization.get(), sessionSecret.get(), wrappingKey.get());
    }
}
