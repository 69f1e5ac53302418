/**
 * The sessions that a user has: to look at, and to end. Turnkey is the register of them; nothing is kept here. Whatever is no live session
 * key of the caller is told as not there, whoever's and whatever it may be, and never touched.
 */
@NullMarked
package finance.votis.sessions.lifecycle;

import org.jspecify.annotations.NullMarked;
