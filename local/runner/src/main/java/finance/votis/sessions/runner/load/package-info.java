/**
 * {@code ./dev load}: many phones use the API at once, on a stack of their own, while things go wrong at Turnkey and on the way back. Each
 * keeps its request until there is an answer and remembers what it was told. In the end that is compared with Turnkey's register: none
 * lost, none doubled.
 */
@NullMarked
package finance.votis.sessions.runner.load;

import org.jspecify.annotations.NullMarked;
