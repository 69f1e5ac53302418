/** Tests of the contract's own keeper. */
@NullMarked
package finance.votis.sessions.contract;

import org.jspecify.annotations.NullMarked;
