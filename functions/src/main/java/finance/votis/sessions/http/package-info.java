/**
 * The door: who calls, taken from verified claims alone; JSON in, as strict as it can be; JSON or a problem out. It knows what each end of
 * a call to Turnkey means for a caller, so that the session rooms need not know it each for itself. No answer of this room repeats a
 * value that was sent.
 */
@NullMarked
package finance.votis.sessions.http;

import org.jspecify.annotations.NullMarked;
