/**
 * The whole of the template running on this machine, with the stand-ins behind it: {@code ./dev up} keeps it, {@code ./dev invoke} uses
 * it for one function, the demo tells a story on it. It is the one place that knows both what the template calls things and what the
 * stand-ins made.
 */
@NullMarked
package finance.votis.sessions.runner.stack;

import org.jspecify.annotations.NullMarked;
