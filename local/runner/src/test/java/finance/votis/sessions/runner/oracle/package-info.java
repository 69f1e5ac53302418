/**
 * Asks the official JavaScript packages of Turnkey and AWS, pinned in {@code local/oracle}, about what runs here, and runs the example in
 * {@code docs/examples} with them. Node and npm are needed; where they are not, the tests say so and are skipped.
 */
@NullMarked
package finance.votis.sessions.runner.oracle;

import org.jspecify.annotations.NullMarked;
