/** The Turnkey client. */
@NullMarked
package finance.votis.sessions.turnkey;

import org.jspecify.annotations.NullMarked;
