/**
 * A Turnkey to test against: organisations, policies, stamped activities and queries under the paths of the real one,
 * over a real socket, with bundles that are really sealed. It is as strict as Turnkey is known to be; the numbers in
 * comments, {@code check 16}, are the rows of {@code local/stand-ins/TURNKEY.md}. Whatever is asked of it and not
 * known is refused, and what can go wrong with the real one goes wrong here on request ({@link Faults}).
 */
@NullMarked
package finance.votis.sessions.standins.turnkey;

import org.jspecify.annotations.NullMarked;
