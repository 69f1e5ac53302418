/**
 * {@code ./dev bench}: which parts are measured, where and when. Each part measures ours and its peers side by side, round by round, and
 * gives tables. Nothing here is shipped or tested against; the targets are told, not enforced.
 */
@NullMarked
package finance.votis.sessions.benchmarks;

import org.jspecify.annotations.NullMarked;
