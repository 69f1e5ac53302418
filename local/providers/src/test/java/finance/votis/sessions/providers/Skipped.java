package finance.votis.sessions.providers;

import org.opentest4j.TestAbortedException;

/** Says plainly, where everybody who runs the tests reads it, what was not tested and why. */
final class Skipped {

    private Skipped() {}

    static void unless(boolean condition, String why) {
        if (!condition) {
            System.out.println("Skipped: " + why);
            throw new TestAbortedException(why);
        }
    }
}
