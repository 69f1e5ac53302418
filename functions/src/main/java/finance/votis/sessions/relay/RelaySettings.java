package finance.votis.sessions.relay;

import finance.votis.sessions.http.ClaimNames;
import finance.votis.sessions.runtime.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the function needs to know. No place of a key is among it.
 *
 * @param activities what is passed on
 * @param leastLife of a read-write session, in whole seconds
 * @param mostLife likewise
 */
record RelaySettings(
        URI turnkey, ClaimNames claims, Set<RelayActivity> activities, Duration leastLife, Duration mostLife) {

    private static final long LONGEST = Duration.ofDays(365).toSeconds();

    static RelaySettings read(Map<String, String> environment) {
        var settings = new Settings(environment);
        var turnkey = settings.endpoint("TURNKEY_BASE_URL");
        var claims = ClaimNames.read(settings);
        var activities = settings.read(
                "RELAY_ACTIVITIES",
                "one or more of create_read_write_session, create_read_only_session and delete_api_keys, with commas between",
                RelaySettings::activities);
        var least = settings.seconds("EXPIRATION_SECONDS_MIN", 1, LONGEST);
        var most = settings.seconds("EXPIRATION_SECONDS_MAX", 1, LONGEST);
        settings.rule(
                List.of(least, most),
                () -> least.get().compareTo(most.get()) <= 0,
                () -> "EXPIRATION_SECONDS_MIN (" + least.get().toSeconds()
                        + ") must not be over EXPIRATION_SECONDS_MAX ("
                        + most.get().toSeconds() + ")");
        settings.check();
        return new RelaySettings(turnkey.get(), claims.get(), activities.get(), least.get(), most.get());
    }

    private static Optional<Set<RelayActivity>> activities(String text) {
        Set<RelayActivity> activities = EnumSet.noneOf(RelayActivity.class);
        for (String path : text.split(",", -1)) {
            Optional<RelayActivity> activity = RelayActivity.of(path.strip());
            if (activity.isEmpty()) {
                return Optional.empty();
            }
            activities.add(activity.get());
        }
        return Optional.of(activities);
    }
}
