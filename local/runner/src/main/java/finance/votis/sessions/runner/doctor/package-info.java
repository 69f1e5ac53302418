/**
 * {@code ./dev doctor}: what a stamping key could do at Turnkey if it were stolen, and what mends each thing that it need not be able to do. It asks
 * Turnkey and changes nothing: {@link finance.votis.sessions.runner.doctor.TurnkeyQueries} can send queries only. What is held to be right is
 * {@code docs/operations.md} and the policies of {@code docs/turnkey}.
 */
@NullMarked
package finance.votis.sessions.runner.doctor;

import org.jspecify.annotations.NullMarked;
