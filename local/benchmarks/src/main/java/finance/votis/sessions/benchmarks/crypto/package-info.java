/**
 * The cryptography by itself: time by JMH under each of the compilers that Lambda uses, bytes by its profiler, classes by the JVM's own
 * log. Each round measures OpenSSL and Turnkey's packages too. It knows no function and no network.
 */
@NullMarked
package finance.votis.sessions.benchmarks.crypto;

import org.jspecify.annotations.NullMarked;
