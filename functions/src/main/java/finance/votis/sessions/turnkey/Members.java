package finance.votis.sessions.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the members of Turnkey's JSON. */
final class Members {
    /** The end of year 9999, the last time that RFC 3339 can write. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,18}");

    private Members() {}

    /** A string that is there and not empty. */
    static Optional<String> text(JsonNode object, String member) {
        return Optional.ofNullable(object.path(member).textValue()).filter(text -> !text.isEmpty());
    }

    static <T> T required(JsonNode object, String member, Function<String, Optional<T>> form) throws MalformedAnswer {
        return text(object, member)
                .flatMap(form)
                .orElseThrow(() -> new MalformedAnswer(member + " is missing or has another form"));
    }

    /** Turnkey's {@code {"seconds":"…","nanos":"0"}}; the nanoseconds are left out, since they are always 0. */
    static Optional<Instant> time(JsonNode object, String member) {
        return text(object.path(member), "seconds").flatMap(Members::epochSecond);
    }

    static Optional<Instant> epochSecond(String digits) {
        return wholeNumber(digits).filter(n -> n <= LAST_SECOND).map(Instant::ofEpochSecond);
    }

    /** Turnkey writes its whole numbers as strings of digits. */
    static Optional<Long> wholeNumber(String digits) {
        return WHOLE_NUMBER.matcher(digits).matches() ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }

    /** In seconds, not so long that a time plus it could not be written. */
    static Optional<Long> lifetime(String digits) {
        return wholeNumber(digits).filter(n -> n <= LAST_SECOND);
    }
}
