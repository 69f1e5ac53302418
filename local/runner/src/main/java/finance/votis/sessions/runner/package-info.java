/**
 * {@code ./dev}: the bundle on a developer's machine. {@link Dev} names the subcommands; the work is done in the packages below, one
 * per concern. Nothing here is shipped.
 */
@NullMarked
package finance.votis.sessions.runner;

import org.jspecify.annotations.NullMarked;
