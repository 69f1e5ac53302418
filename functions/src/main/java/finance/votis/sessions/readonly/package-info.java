/**
 * A read-only session: a bearer token for Turnkey's queries. It belongs to whoever stamps it and reads all that this user may read, so it is
 * stamped by the delegate of the caller's own sub-organisation, and a token of any other organisation does not leave. Here the token is seen in
 * clear; it is kept nowhere.
 */
@NullMarked
package finance.votis.sessions.readonly;

import org.jspecify.annotations.NullMarked;
