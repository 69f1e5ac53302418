/** Tests of the room of the same name. */
@NullMarked
package finance.votis.sessions.runner.crash;

import org.jspecify.annotations.NullMarked;
