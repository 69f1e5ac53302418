/**
 * A phone's passkey, in software: an authenticator and the client around it. It knows WebAuthn and the form of Turnkey's stamp, and nothing of
 * who verifies it. There is no screen and no finger: whoever holds the object is present and verified.
 */
@NullMarked
package finance.votis.sessions.standins.passkey;

import org.jspecify.annotations.NullMarked;
