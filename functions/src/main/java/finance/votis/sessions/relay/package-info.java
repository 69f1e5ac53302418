/**
 * What the device stamped goes through here to Turnkey, byte for byte, and what Turnkey answers goes back. The room looks at a copy of both
 * and lets nothing pass that is not the caller's own, and no activity that is not allowed. It has no key, no secret and no right: what it
 * cannot do, nobody can who takes it over.
 */
@NullMarked
package finance.votis.sessions.relay;

import org.jspecify.annotations.NullMarked;
