/**
 * What was measured, as people read it: medians, ranges, ratios and targets in tables of Markdown. A ratio is made round by round, since
 * what is compared ran side by side. It knows nothing of what is measured.
 */
@NullMarked
package finance.votis.sessions.benchmarks.report;

import org.jspecify.annotations.NullMarked;
