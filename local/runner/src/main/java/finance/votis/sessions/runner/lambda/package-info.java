/**
 * Lambda on this machine: each function is a process of its own, run by Lambda's real runtime interface client against a Runtime API
 * on loopback, in the exploded zip, with the environment that the template and Lambda set and no other variable. One event at a time
 * per function, as in one execution environment. It knows no template, no route and no stand-in.
 */
@NullMarked
package finance.votis.sessions.runner.lambda;

import org.jspecify.annotations.NullMarked;
