/**
 * Holds what went over the wire against {@code docs/openapi.yaml}, both ways: the request as sent, and the answer that came. Tests pass all
 * their exchanges through it, those of the functions and those of the local gateway, so that the document cannot promise what the code does
 * not keep. It is never shipped, and knows nothing of the code that it judges.
 */
@NullMarked
package finance.votis.sessions.contract;

import org.jspecify.annotations.NullMarked;
