/**
 * The only room that touches keys: P-256 pairs, Turnkey's stamps and credential bundles, and the HPKE suite that seals the latter.
 * It knows bytes and texts alone, no JSON library, HTTP, AWS, clock or log, so that a phone, a Lambda function and a test
 * stand-in run the same code.
 * Primitives come from BouncyCastle's lightweight API and never from a {@code java.security.Provider}, which would cost a cold
 * start several hundred milliseconds; randomness comes in from the caller or is drawn anew at the call, never kept.
 */
@NullMarked
package finance.votis.sessions.crypto;

import org.jspecify.annotations.NullMarked;
