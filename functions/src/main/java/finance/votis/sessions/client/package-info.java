/**
 * A phone's session: a public key comes in, a sealed bundle goes out. This room cannot open a bundle: it never has a key that could, and the
 * type that Turnkey's answer comes in has no way to. The organisation and the user are the caller's own.
 */
@NullMarked
package finance.votis.sessions.client;

import org.jspecify.annotations.NullMarked;
