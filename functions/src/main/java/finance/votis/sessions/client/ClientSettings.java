package finance.votis.sessions.client;

import finance.votis.sessions.http.ClaimNames;
import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.CredentialPlace;
import finance.votis.sessions.runtime.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the function needs to know.
 *
 * @param delegate where the delegate's key lies
 */
record ClientSettings(
        URI turnkey,
        AwsPlace aws,
        CredentialPlace delegate,
        Duration credentialTimeToLive,
        ClaimNames claims,
        Lifetimes lifetimes) {

    static final String STANDARD_LIFETIME = "EXPIRATION_SECONDS_DEFAULT";

    private static final long LONGEST = Duration.ofDays(365).toSeconds();

    /** How long a phone's session may live, and does unless asked otherwise. Whole seconds. */
    record Lifetimes(Duration standard, Duration least, Duration most) {}

    static ClientSettings read(Map<String, String> environment) {
        var settings = new Settings(environment);
        var turnkey = settings.endpoint("TURNKEY_BASE_URL");
        var aws = settings.aws();
        var delegate = settings.credential("DELEGATE_CREDENTIAL");
        var timeToLive = settings.seconds("CREDENTIAL_TTL_SECONDS", 1, 3600);
        var claims = ClaimNames.read(settings);
        var standard = settings.seconds(STANDARD_LIFETIME, 1, LONGEST);
        var least = settings.seconds("EXPIRATION_SECONDS_MIN", 1, LONGEST);
        var most = settings.seconds("EXPIRATION_SECONDS_MAX", 1, LONGEST);
        settings.rule(
                List.of(standard, least, most),
                () -> least.get().compareTo(standard.get()) <= 0
                        && standard.get().compareTo(most.get()) <= 0,
                () -> "EXPIRATION_SECONDS_MIN (" + least.get().toSeconds() + "), EXPIRATION_SECONDS_DEFAULT ("
                        + standard.get().toSeconds() + ") and EXPIRATION_SECONDS_MAX ("
                        + most.get().toSeconds() + ") must not decrease in this order");
        settings.check();
        return new ClientSettings(
                turnkey.get(),
                aws.get(),
                delegate.get(),
                timeToLive.get(),
                claims.get(),
                new Lifetimes(standard.get(), least.get(), most.get()));
    }
}
