/**
 * What the functions need of KMS, Secrets Manager and Turnkey, said once and held against everybody who plays them: our stand-ins, other
 * people's emulators, and by choice the real ones. Where a player is otherwise than AWS's documentation, {@code local/stand-ins/AWS.md} says
 * so, and the tests go by that page. What is made here, at whomever, is taken away again.
 */
@NullMarked
package finance.votis.sessions.providers;

import org.jspecify.annotations.NullMarked;
