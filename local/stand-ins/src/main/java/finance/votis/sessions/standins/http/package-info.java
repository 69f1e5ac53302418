/**
 * The socket under every stand-in: HTTP/1.1 read and written by hand, a virtual thread per connection. By hand, since a
 * stand-in must be able to do what a server library forbids: reset a connection, or send half a body. It knows nothing of
 * what is asked or answered.
 */
@NullMarked
package finance.votis.sessions.standins.http;

import org.jspecify.annotations.NullMarked;
