/** What is in the memory of a process, as whoever holds a dump of it would look for it. */
@NullMarked
package finance.votis.sessions.runner.memory;

import org.jspecify.annotations.NullMarked;
