/**
 * The scene of the tests: stand-ins for Turnkey and AWS on loopback, one clock for both sides, and the environment that points a function at
 * them. Each test has one of its own. Nothing in it is mocked: the functions run as they are, over real sockets.
 */
@NullMarked
package finance.votis.sessions.scene;

import org.jspecify.annotations.NullMarked;
