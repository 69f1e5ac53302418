/** The runner. */
@NullMarked
package finance.votis.sessions.runner;

import org.jspecify.annotations.NullMarked;
