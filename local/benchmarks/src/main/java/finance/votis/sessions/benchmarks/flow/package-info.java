/**
 * Whole functions: the packed zip on Lambda's runtime client, and the peer on Node, one process each, with the share of a core that a
 * memory size has. Both answer the same events from the same Runtime API and call the same stand-ins behind TLS, five milliseconds away.
 * Time, processor time and memory are taken from outside of the process.
 */
@NullMarked
package finance.votis.sessions.benchmarks.flow;

import org.jspecify.annotations.NullMarked;
