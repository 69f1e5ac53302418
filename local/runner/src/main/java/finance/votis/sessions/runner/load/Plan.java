package finance.votis.sessions.runner.load;

import java.time.Duration;
import java.util.Locale;

/**
 * How much of what.
 *
 * @param phones at once, each with a user of its own
 * @param requests in all, repeats not counted
 * @param longest no request begins later; those that have no answer by then are repeated while nothing goes wrong any more
 * @param faultPercent of the requests at Turnkey, and of the API's answers
 * @param oneASecond whether Turnkey takes one request a second and no more
 * @param instances execution environments of each function
 */
record Plan(
        int phones, int requests, Duration longest, int faultPercent, boolean oneASecond, int instances, long seed) {

    String text() {
        return String.format(
                Locale.ROOT,
                "seed %d: %d phones, %d instances of each function, at most %d requests in %d s, %d %% faults%s",
                seed,
                phones,
                instances,
                requests,
                longest.toSeconds(),
                faultPercent,
                oneASecond ? ", one request a second at Turnkey" : "");
    }
}
