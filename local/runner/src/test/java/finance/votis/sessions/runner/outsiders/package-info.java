/** Tests of the room of the same name. */
@NullMarked
package finance.votis.sessions.runner.outsiders;

import org.jspecify.annotations.NullMarked;
