package finance.votis.sessions.turnkey;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Every way in which a call of Turnkey ends. Match it with an exhaustive switch, or take {@link Completed} and hand any {@link
 * Incomplete} to one place that answers for all of them. No part of it prints what must not be logged.
 */
public sealed interface Answer<T> {

    /** Turnkey did it, and all that it promises was there and was checked. */
    record Completed<T>(T value) implements Answer<T> {
        @Override
        public String toString() {
            return "Completed[<redacted>]";
        }
    }

    /**
     * Any other end. Where no answer came ({@link Unreachable}, {@link TooSlow}), none that could be read, or one with a status of 500
     * and more, the activity may have taken effect all the same: only the same bytes may be sent again.
     */
    sealed interface Incomplete<T> extends Answer<T> {
        /** The same end of a call that would have had another value. */
        @SuppressWarnings("unchecked") // no Incomplete holds a T
        default <U> Incomplete<U> cast() {
            return (Incomplete<U>) this;
        }
    }

    /**
     * More votes are needed. They are given by activity {@code ACTIVITY_TYPE_APPROVE_ACTIVITY}, which names the fingerprint.
     *
     * @param activityId a UUID
     * @param fingerprint {@code sha256:} and the lower-case hex of the request's hash
     */
    record NeedsApproval<T>(String activityId, String fingerprint) implements Incomplete<T> {}

    /** The user's own policy asks for another factor. */
    record AuthenticatorsNeeded<T>(String activityId) implements Incomplete<T> {}

    /** A voter or a policy rejected it. */
    record Rejected<T>(String activityId) implements Incomplete<T> {}

    /** The activity ran and failed. The same bytes give the same failed activity. */
    record Failed<T>(String activityId, TurnkeyError error) implements Incomplete<T> {
        public Refusal refusal() {
            return error.refusal();
        }

        public Optional<String> code() {
            return error.code();
        }

        /** The UUID that Turnkey gives with an internal error, for its support. */
        public Optional<String> incident() {
            return error.incident();
        }
    }

    /**
     * Refused before there was an activity, or a 5xx that repeating did not cure.
     *
     * @param status of HTTP
     */
    record Refused<T>(int status, TurnkeyError error) implements Incomplete<T> {
        public Refusal refusal() {
            return error.refusal();
        }

        public Optional<String> code() {
            return error.code();
        }

        /** The UUID that Turnkey gives with an internal error, for its support. */
        public Optional<String> incident() {
            return error.incident();
        }
    }

    /**
     * Too many requests for now.
     *
     * @param retryAfter at least a second; Turnkey's figure where it gave one, else ours
     */
    record RateLimited<T>(Duration retryAfter) implements Incomplete<T> {}

    /**
     * No connection, or one that broke before the whole answer was there.
     *
     * @param exception names of the classes of what was thrown
     */
    record Unreachable<T>(String exception) implements Incomplete<T> {}

    /**
     * The deadline came first.
     *
     * @param activityId of the activity, where Turnkey said that it has it and is not done
     */
    record TooSlow<T>(Optional<String> activityId) implements Incomplete<T> {}

    /**
     * An answer that is not in Turnkey's form.
     *
     * @param why the rule that it broke, without a byte of it
     */
    record Unreadable<T>(String why) implements Incomplete<T> {}

    /**
     * Turnkey's clock and ours differ by more than {@value ClockSkew#LIMIT_SECONDS} seconds. Of a submission it is told only where Turnkey
     * refused it: what was made is not lost because a clock is off.
     *
     * @param ahead how far ours is before Turnkey's, at least; negative: behind
     */
    record ClockOff<T>(Duration ahead) implements Incomplete<T> {
        /** For people: {@code our clock is 125 s ahead of Turnkey's}. */
        public String message() {
            return "our clock is " + ahead.abs().toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of")
                    + " Turnkey's";
        }
    }

    /** An activity that is not the request's, or a result that is not what was asked for: none of it may be used. */
    record BrokenPromise<T>(Shortfall shortfall, String activityId) implements Incomplete<T> {}

    /** Turnkey refused the stamping key itself, as unknown or over: load the credential again. */
    default boolean saysKeyIsGone() {
        return this instanceof Refused<T> refused
                && (refused.refusal() == Refusal.KEY_UNKNOWN || refused.refusal() == Refusal.KEY_EXPIRED);
    }

    /** Goes on from a completed call; any other end stays as it is. */
    default <U> Answer<U> then(Function<? super T, Answer<U>> next) {
        return switch (this) {
            case Completed<T> completed -> next.apply(completed.value());
            case Incomplete<T> incomplete -> incomplete.cast();
        };
    }
}
