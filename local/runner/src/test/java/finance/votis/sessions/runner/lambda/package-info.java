/** Tests of the Lambda of this machine. */
@NullMarked
package finance.votis.sessions.runner.lambda;

import org.jspecify.annotations.NullMarked;
