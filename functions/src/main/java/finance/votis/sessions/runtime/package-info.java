/**
 * What every function needs of its surroundings: settings, time, waiting, the log line. It is the only room beside the handlers that
 * sees Lambda's own types. It knows no session.
 */
@NullMarked
package finance.votis.sessions.runtime;

import org.jspecify.annotations.NullMarked;
