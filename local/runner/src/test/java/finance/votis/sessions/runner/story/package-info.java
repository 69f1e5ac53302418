/** Tests of the room of the same name. */
@NullMarked
package finance.votis.sessions.runner.story;

import org.jspecify.annotations.NullMarked;
