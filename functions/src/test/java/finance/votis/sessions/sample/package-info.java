/**
 * Code that the documentation shows, compiled and run. It stands outside of all rooms, as a company's own jobs do, so it can use nothing that
 * they cannot. A test holds the text in {@code docs/} to these files.
 */
@NullMarked
package finance.votis.sessions.sample;

import org.jspecify.annotations.NullMarked;
