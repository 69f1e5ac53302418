/**
 * {@code ./dev demo}: the main job told as a story that can fail. Each line is something that was done over a socket and checked; the
 * phone and the admin job in it are outsiders. It decides about nothing
 * but whether the story held.
 */
@NullMarked
package finance.votis.sessions.runner.story;

import org.jspecify.annotations.NullMarked;
