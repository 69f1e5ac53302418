package finance.votis.sessions.lifecycle;

import finance.votis.sessions.http.ClaimNames;
import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.CredentialPlace;
import finance.votis.sessions.runtime.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * What the function needs to know.
 *
 * @param credential where the key of the user lies that may list and delete keys: the delegate, or one that can do nothing else
 */
record SessionsSettings(
        URI turnkey, AwsPlace aws, CredentialPlace credential, Duration credentialTimeToLive, ClaimNames claims) {

    static SessionsSettings read(Map<String, String> environment) {
        var settings = new Settings(environment);
        var turnkey = settings.endpoint("TURNKEY_BASE_URL");
        var aws = settings.aws();
        var credential = settings.credential("SESSIONS_CREDENTIAL");
        var timeToLive = settings.seconds("CREDENTIAL_TTL_SECONDS", 1, 3600);
        var claims = ClaimNames.read(settings);
        settings.check();
        return new SessionsSettings(turnkey.get(), aws.get(), credential.get(), timeToLive.get(), claims.get());
    }
}
