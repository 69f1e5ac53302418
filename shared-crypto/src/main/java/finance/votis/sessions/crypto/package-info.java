/** P-256 keys, stamps, HPKE and credential bundles. */
@NullMarked
package finance.votis.sessions.crypto;

import org.jspecify.annotations.NullMarked;
