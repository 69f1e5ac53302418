/**
 * What stands beside our own code in the same run: OpenSSL, Turnkey's JavaScript packages, and functions on Node that are bundled by
 * esbuild. They are installed from a lock file by the command itself and run as they are. It measures nothing.
 */
@NullMarked
package finance.votis.sessions.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
