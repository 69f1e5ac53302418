/** Tests of the room of the same name. */
@NullMarked
package finance.votis.sessions.runner.gateway;

import org.jspecify.annotations.NullMarked;
