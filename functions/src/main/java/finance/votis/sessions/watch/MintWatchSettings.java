package finance.votis.sessions.watch;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runtime.AwsPlace;
import finance.votis.sessions.runtime.CredentialPlace;
import finance.votis.sessions.runtime.Setting;
import finance.votis.sessions.runtime.Settings;
import finance.votis.sessions.turnkey.OrganizationId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What the function needs to know.
 *
 * @param watch where the key of the watch lies
 * @param parent whose sub-organisations are looked at, and it with them
 * @param delegateKeys compressed public keys in hex: every one that stamps, or did not long ago
 * @param logGroups of the functions that the delegate stamps for
 * @param requestsPerSecond it begins at most so many at Turnkey; what goes again for want of an answer is not counted. The limit is the company's,
 *     and phones have the better use for it
 */
record MintWatchSettings(
        URI turnkey,
        AwsPlace aws,
        CredentialPlace watch,
        Duration credentialTimeToLive,
        OrganizationId parent,
        Set<String> delegateKeys,
        List<String> logGroups,
        int requestsPerSecond,
        Window.Times times) {

    private static final Pattern LOG_GROUP = Pattern.compile("[\\.\\-_/#A-Za-z0-9]{1,512}");

    MintWatchSettings {
        delegateKeys = Set.copyOf(delegateKeys);
        logGroups = List.copyOf(logGroups);
    }

    static MintWatchSettings read(Map<String, String> environment) {
        var settings = new Settings(environment);
        var turnkey = settings.endpoint("TURNKEY_BASE_URL");
        var aws = settings.aws();
        var watch = settings.credential("MINT_WATCH_CREDENTIAL");
        var timeToLive = settings.seconds("CREDENTIAL_TTL_SECONDS", 1, 3600);
        var parent = settings.read("MINT_WATCH_ORGANIZATION_ID", "the UUID of an organisation", OrganizationId::parse);
        var keys = list(
                settings,
                "MINT_WATCH_DELEGATE_KEYS",
                "public keys of P-256, compressed and in lower-case hex, with commas between",
                MintWatchSettings::isKey);
        var groups = list(
                settings,
                "MINT_WATCH_LOG_GROUPS",
                "names of log groups with commas between",
                name -> LOG_GROUP.matcher(name).matches());
        var rate = settings.count("MINT_WATCH_REQUESTS_PER_SECOND", 1, 50);
        var period = settings.minutes("MINT_WATCH_PERIOD_MINUTES", 5, 60);
        var delay = settings.minutes("MINT_WATCH_DELAY_MINUTES", 0, 60);
        var turns = settings.count("MINT_WATCH_TURNS", 1, Window.MOST_TURNS);
        settings.check();
        return new MintWatchSettings(
                turnkey.get(),
                aws.get(),
                watch.get(),
                timeToLive.get(),
                parent.get(),
                Set.copyOf(keys.get()),
                groups.get(),
                rate.get(),
                new Window.Times(period.get(), delay.get(), turns.get()));
    }

    private static Setting<List<String>> list(Settings settings, String name, String rule, Predicate<String> isOne) {
        return settings.read(name, rule, value -> {
            List<String> items = List.of(value.split(",", -1));
            return items.stream().allMatch(isOne) ? Optional.of(items) : Optional.empty();
        });
    }

    private static boolean isKey(String hex) {
        try {
            return P256PublicKey.fromCompressedHex(hex).compressedHex().equals(hex);
        } catch (CryptoException.MalformedKey malformed) {
            return false;
        }
    }
}
