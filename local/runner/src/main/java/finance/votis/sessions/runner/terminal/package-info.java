/**
 * What each command is to whoever typed it: its help, where it writes, what it is called, and how it says that the command line is wrong. Every command
 * of {@code ./dev} has it, and declares its own options beside it. It knows none of them.
 */
@NullMarked
package finance.votis.sessions.runner.terminal;

import org.jspecify.annotations.NullMarked;
