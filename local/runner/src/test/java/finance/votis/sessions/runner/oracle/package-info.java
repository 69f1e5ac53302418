/**
 * Asks Turnkey's own JavaScript packages, pinned in {@code local/oracle}, about what runs here. Node and npm are needed; where they are
 * not, the tests say so and are skipped.
 */
@NullMarked
package finance.votis.sessions.runner.oracle;

import org.jspecify.annotations.NullMarked;
