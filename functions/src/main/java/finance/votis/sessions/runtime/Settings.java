package finance.votis.sessions.runtime;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads a function's settings once, at start, from its environment. Reading never fails; {@link #check} throws one exception that tells
 * every mistake together, each by the variable's name and its rule and without the value. A blank variable counts as missing.
 * Not thread-safe; used in constructors only.
 */
public final class Settings {

    /** Set to {@code true} by SAM's CLI and the local runner, never by the template: only then is plain http accepted, and only to here. */
    private static final String LOCAL = "AWS_SAM_LOCAL";

    private static final String ENDPOINTS = "AWS_ENDPOINT_URL";
    private static final Pattern LOCAL_HOST = Pattern.compile(
            "localhost|host\\.docker\\.internal|\\[(0*:)*:?0*1]|127(\\.\\d{1,3}){3}|172\\.(1[6-9]|2\\d|3[01])(\\.\\d{1,3}){2}");
    private static final Pattern AWS_HOST =
            Pattern.compile("([a-z0-9-]+\\.)+amazonaws\\.com(\\.cn)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z0-9]+)+");
    private static final Pattern SECRET_ID = Pattern.compile("secret:[A-Za-z0-9/_+=.@:!-]{1,2048}");
    private static final String KMS_KEY_ID = "(mrk-[0-9a-f]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})";
    private static final String KMS_ALIAS = "alias/[A-Za-z0-9/_-]{1,250}";
    private static final Pattern KMS_ID = Pattern.compile("kms:(" + KMS_KEY_ID + "|" + KMS_ALIAS
            + "|arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:(key/" + KMS_KEY_ID + "|" + KMS_ALIAS + "))");
    private static final Pattern CLAIM = Pattern.compile("[\\x21-\\x7e]{1,256}");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");

    private final Map<String, String> environment;
    private final List<String> mistakes = new ArrayList<>();

    public Settings(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Any text of the given form. */
    public Setting<String> text(String name, Pattern form, String rule) {
        return read(name, rule, value -> form.matcher(value).matches() ? Optional.of(value) : Optional.empty());
    }

    /** A value with a form of its own. */
    public <T> Setting<T> read(String name, String rule, Function<String, Optional<T>> parse) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            mistakes.add(name + " is missing: it must be " + rule);
            return new Setting<>(Optional.empty());
        }
        Optional<T> parsed = parse.apply(value);
        if (parsed.isEmpty()) {
            mistakes.add(name + " must be " + rule);
        }
        return new Setting<>(parsed);
    }

    public Setting<Integer> count(String name, int least, int most) {
        return wholeNumber(name, "a whole number", least, most, Math::toIntExact);
    }

    public Setting<Duration> seconds(String name, long least, long most) {
        return wholeNumber(name, "a whole number of seconds", least, most, Duration::ofSeconds);
    }

    public Setting<Duration> minutes(String name, long least, long most) {
        return wholeNumber(name, "a whole number of minutes", least, most, Duration::ofMinutes);
    }

    private <T> Setting<T> wholeNumber(String name, String what, long least, long most, Function<Long, T> convert) {
        return read(
                name,
                what + " from " + least + " to " + most,
                value -> Optional.of(value)
                        .filter(digits -> DIGITS.matcher(digits).matches())
                        .map(Long::valueOf)
                        .filter(number -> number >= least && number <= most)
                        .map(convert));
    }

    /** The name of a claim in a caller's token. */
    public Setting<String> claim(String name) {
        return text(name, CLAIM, "the name of a claim: 1 to 256 printable ASCII characters without spaces");
    }

    /** Where a stamping key lies: {@code kms:<id, ARN or alias>} or {@code secret:<name or ARN>}. */
    public Setting<CredentialPlace> credential(String name) {
        return read(
                name, "kms:<id, ARN or alias of a key> or secret:<name or ARN of a secret>", text -> place(name, text));
    }

    private static Optional<CredentialPlace> place(String name, String text) {
        String id = text.substring(text.indexOf(':') + 1);
        if (KMS_ID.matcher(text).matches()) {
            return Optional.of(new CredentialPlace.KmsKey(name, id));
        }
        return SECRET_ID.matcher(text).matches() ? Optional.of(new CredentialPlace.Secret(name, id)) : Optional.empty();
    }

    /** A base URL without path, query, fragment or user. Only https; http to this machine or a container's host in a local run. */
    public Setting<URI> endpoint(String name) {
        return read(name, endpointRule(), this::parseEndpoint);
    }

    /**
     * Region and endpoints of AWS. Every {@code AWS_ENDPOINT_URL*} is checked, since it would lead signed requests elsewhere: in an account
     * it names a host of AWS.
     */
    public Setting<AwsPlace> aws() {
        Setting<String> region = text("AWS_REGION", REGION, "the name of a region");
        Map<String, Setting<URI>> endpoints = new TreeMap<>();
        for (String name : environment.keySet()) {
            if (name.startsWith(ENDPOINTS)) {
                endpoints.put(name, read(name, awsEndpointRule(), this::parseAwsEndpoint));
            }
        }
        if (!region.isRead() || !endpoints.values().stream().allMatch(Setting::isRead)) {
            return new Setting<>(Optional.empty());
        }
        Function<String, Optional<URI>> endpointOf = service -> Optional.ofNullable(
                        endpoints.getOrDefault(ENDPOINTS + "_" + service, endpoints.get(ENDPOINTS)))
                .map(Setting::get);
        return new Setting<>(Optional.of(new AwsPlace(
                region.get(),
                endpointOf.apply("KMS"),
                endpointOf.apply("SECRETS_MANAGER"),
                endpointOf.apply("CLOUDWATCH_LOGS"))));
    }

    /** A rule over several settings, looked at only when each of them could be read. The message may name their numbers. */
    public void rule(List<Setting<?>> over, BooleanSupplier holds, Supplier<String> mistake) {
        if (over.stream().allMatch(Setting::isRead) && !holds.getAsBoolean()) {
            mistakes.add(mistake.get());
        }
    }

    /**
     * Called last, before any setting is used.
     *
     * @throws SettingsException if anything that was read is missing or breaks its rule
     */
    public void check() {
        if (!mistakes.isEmpty()) {
            throw new SettingsException(mistakes);
        }
    }

    private boolean isLocal() {
        return "true".equals(environment.get(LOCAL));
    }

    private String endpointRule() {
        return "https://host or https://host:port, without a path"
                + (isLocal() ? "; in a local run also http to this machine or the container's host" : "");
    }

    private String awsEndpointRule() {
        return endpointRule() + (isLocal() ? "" : ", where host is under amazonaws.com or amazonaws.com.cn");
    }

    private Optional<URI> parseAwsEndpoint(String value) {
        return parseEndpoint(value)
                .filter(uri -> isLocal() || AWS_HOST.matcher(uri.getHost()).matches());
    }

    private Optional<URI> parseEndpoint(String value) {
        URI uri;
        try {
            uri = new URI(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        boolean onlyHost = uri.getHost() != null
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && uri.getRawPath().isEmpty();
        if (!onlyHost) {
            return Optional.empty();
        }
        boolean allowed = "https".equals(uri.getScheme())
                || ("http".equals(uri.getScheme())
                        && isLocal()
                        && LOCAL_HOST
                                .matcher(uri.getHost().toLowerCase(Locale.ROOT))
                                .matches());
        return allowed ? Optional.of(uri) : Optional.empty();
    }
}
