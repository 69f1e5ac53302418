/** The Turnkey stand-in. */
@NullMarked
package finance.votis.sessions.standins.turnkey;

import org.jspecify.annotations.NullMarked;
