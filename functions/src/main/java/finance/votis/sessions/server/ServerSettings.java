package finance.votis.sessions.server;

import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.CredentialPlace;
import finance.votis.sessions.runtime.Setting;
import finance.votis.sessions.runtime.Settings;
import finance.votis.sessions.turnkey.OrganizationId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One named session and how it is kept.
 *
 * @param session its name
 * @param sessionSecret name or ARN of the secret that holds it in versions
 * @param admin where the stamping key lies whose user the session belongs to
 */
record ServerSettings(
        URI turnkey,
        AwsPlace aws,
        String session,
        OrganizationId organizationId,
        String sessionSecret,
        CredentialPlace admin,
        Duration credentialTimeToLive,
        String wrappingKey,
        Times times) {

    static final String LIFETIME = "SERVER_SESSION_LIFETIME_MINUTES";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern AWS_ID = Pattern.compile("[A-Za-z0-9/_+=.@:!-]{1,2048}");
    private static final long WEEK = Duration.ofDays(7).toMinutes();

    /** A run that fails may write a version or two as well. */
    private static final long SHORTEST_PERIOD = 15;

    /** A renewal writes two versions; Secrets Manager keeps those of a day, and about a hundred. */
    private static final long SHORTEST_RENEWAL = 35;

    /** Turnkey keeps ten expiring keys of a user and ends the oldest for the eleventh; one is being made while the others live. */
    private static final long MOST_KEYS_ALIVE = 9;

    /**
     * Times of a session.
     *
     * @param lifetime of one session
     * @param period between two runs
     * @param margin kept free before a session's end
     */
    record Times(Duration lifetime, Duration period, Duration margin) {

        /** With less than this left a session is renewed: two runs, so that one that is missed leaves no gap, and the margin. */
        Duration reserve() {
            return period.multipliedBy(2).plus(margin);
        }
    }

    static ServerSettings read(Map<String, String> environment) {
        var settings = new Settings(environment);
        var turnkey = settings.endpoint("TURNKEY_BASE_URL");
        var aws = settings.aws();
        var session = session(settings);
        var organization = organization(settings);
        var sessionSecret = sessionSecret(settings);
        var admin = settings.credential("ADMIN_CREDENTIAL");
        var timeToLive = settings.seconds("CREDENTIAL_TTL_SECONDS", 1, 3600);
        var wrappingKey = wrappingKey(settings);
        var lifetime = settings.minutes(LIFETIME, 1, WEEK);
        var period = settings.minutes("SERVER_SESSION_PERIOD_MINUTES", 1, WEEK);
        var margin = settings.minutes("SERVER_SESSION_MARGIN_MINUTES", 1, WEEK);
        settings.rule(
                List.of(period),
                () -> period.get().toMinutes() >= SHORTEST_PERIOD,
                () -> "SERVER_SESSION_PERIOD_MINUTES (" + period.get().toMinutes() + ") must be at least "
                        + SHORTEST_PERIOD);
        settings.rule(
                List.of(lifetime, period, margin),
                () -> lifetime.get().compareTo(times(period.get(), 3).plus(margin.get())) >= 0,
                () -> "SERVER_SESSION_LIFETIME_MINUTES (" + lifetime.get().toMinutes()
                        + ") must be at least three periods and the margin (3 x "
                        + period.get().toMinutes() + " + " + margin.get().toMinutes() + " = "
                        + times(period.get(), 3).plus(margin.get()).toMinutes() + ")");
        settings.rule(
                List.of(lifetime, period, margin),
                () -> betweenRenewals(lifetime.get(), period.get(), margin.get()) >= SHORTEST_RENEWAL,
                () -> "SERVER_SESSION_LIFETIME_MINUTES less two periods and the margin ("
                        + lifetime.get().toMinutes() + " - 2 x " + period.get().toMinutes() + " - "
                        + margin.get().toMinutes() + " = "
                        + betweenRenewals(lifetime.get(), period.get(), margin.get()) + ") must be at least "
                        + SHORTEST_RENEWAL + ", the shortest time between renewals");
        settings.rule(
                List.of(lifetime, period, margin),
                () -> betweenRenewals(lifetime.get(), period.get(), margin.get()) < SHORTEST_RENEWAL
                        || lifetime.get().toMinutes()
                                <= MOST_KEYS_ALIVE * betweenRenewals(lifetime.get(), period.get(), margin.get()),
                () -> "SERVER_SESSION_LIFETIME_MINUTES (" + lifetime.get().toMinutes() + ") must be at most "
                        + MOST_KEYS_ALIVE + " times the shortest time between renewals ("
                        + betweenRenewals(lifetime.get(), period.get(), margin.get())
                        + "), since Turnkey keeps ten expiring keys of a user");
        settings.check();
        return new ServerSettings(
                turnkey.get(),
                aws.get(),
                session.get(),
                organization.get(),
                sessionSecret.get(),
                admin.get(),
                timeToLive.get(),
                wrappingKey.get(),
                new Times(lifetime.get(), period.get(), margin.get()));
    }

    static Setting<String> session(Settings settings) {
        return settings.text(
                "SERVER_SESSION", NAME, "a name of 1 to 63 lower-case letters, digits and hyphens, no hyphen first");
    }

    static Setting<OrganizationId> organization(Settings settings) {
        return settings.read("SERVER_SESSION_ORGANIZATION_ID", "the UUID of an organisation", OrganizationId::parse);
    }

    static Setting<String> sessionSecret(Settings settings) {
        return settings.text("SERVER_SESSION_SECRET", AWS_ID, "the name or ARN of a secret");
    }

    static Setting<String> wrappingKey(Settings settings) {
        return settings.text("WRAPPING_KEY", AWS_ID, "the ARN of a KMS key");
    }

    private static Duration times(Duration period, int factor) {
        return period.multipliedBy(factor);
    }

    private static long betweenRenewals(Duration lifetime, Duration period, Duration margin) {
        return lifetime.minus(new Times(lifetime, period, margin).reserve()).toMinutes();
    }
}
