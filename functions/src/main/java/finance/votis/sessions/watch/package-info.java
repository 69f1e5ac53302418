/**
 * The watch: compares what the delegate's key made at Turnkey with what our functions say that they asked for, and raises the alarm for what
 * no route made. Its own key only reads, every customer's organisation, and is never the delegate's nor an admin's. It keeps nothing between
 * runs: each looks back over several, so that one that is missed loses nothing.
 */
@NullMarked
package finance.votis.sessions.watch;

import org.jspecify.annotations.NullMarked;
