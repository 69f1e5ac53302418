/** Tests of the room of the same name. */
@NullMarked
package finance.votis.sessions.runner.load;

import org.jspecify.annotations.NullMarked;
