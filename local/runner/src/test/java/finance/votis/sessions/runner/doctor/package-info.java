/** Tests of the room of the same name. */
@NullMarked
package finance.votis.sessions.runner.doctor;

import org.jspecify.annotations.NullMarked;
