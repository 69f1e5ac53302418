/**
 * The client of Turnkey's public API: activities and queries, stamped by whoever is given as the stamper. Every way a call can end is a
 * type of {@link finance.votis.sessions.turnkey.Answer}; nothing in this room prints a bundle, a token, a stamp or a text of Turnkey's.
 * It knows neither AWS nor Lambda, and it opens no bundle.
 */
@NullMarked
package finance.votis.sessions.turnkey;

import org.jspecify.annotations.NullMarked;
