/**
 * What every function stands on: settings, deadline, log line, JSON, what is done before the first call, and the seam to Lambda's own
 * types. Only this room and the functions themselves see {@code com.amazonaws}; it knows neither Turnkey nor AWS services. Time, waiting,
 * randomness, network and output come in through {@link finance.votis.sessions.runtime.Platform}, so that a test can hold them.
 */
@NullMarked
package finance.votis.sessions.runtime;

import org.jspecify.annotations.NullMarked;
