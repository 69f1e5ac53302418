/**
 * {@code ./dev crash}: the server session's function, in real processes on Lambda's runtime client, is killed at random moments and run
 * many times at once; then what must hold is looked up in the stores and proved by using it. It knows the function by its settings in
 * the template and by what the stores hold, not by its code.
 */
@NullMarked
package finance.votis.sessions.runner.crash;

import org.jspecify.annotations.NullMarked;
