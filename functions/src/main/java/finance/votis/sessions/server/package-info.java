/**
 * The company's own session, kept alive by a schedule for its admin jobs. The only room that opens a bundle: the target key is made here and
 * wiped as soon as its bundle is open. The state is one secret in versions, each of which says in clear what it is and holds the rest
 * wrapped by KMS; the session belongs to the user whose key stamps, and nobody who invokes the function can choose another.
 */
@NullMarked
package finance.votis.sessions.server;

import org.jspecify.annotations.NullMarked;
