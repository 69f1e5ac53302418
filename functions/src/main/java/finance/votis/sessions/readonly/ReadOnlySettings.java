package finance.votis.sessions.readonly;

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
 * @param delegate where the delegate's key lies
 */
record ReadOnlySettings(
        URI turnkey, AwsPlace aws, CredentialPlace delegate, Duration credentialTimeToLive, ClaimNames claims) {

    static ReadOnlySettings read(Map<String, String> environment) {
        var settings = new Settings(environment);
        var turnkey = settings.endpoint("TURNKEY_BASE_URL");
        var aws = settings.aws();
        var delegate = settings.credential("DELEGATE_CREDENTIAL");
        var timeToLive = settings.seconds("CREDENTIAL_TTL_SECONDS", 1, 3600);
        var claims = ClaimNames.read(settings);
        settings.check();
        return new ReadOnlySettings(turnkey.get(), aws.get(), delegate.get(), timeToLive.get(), claims.get());
    }
}
