/**
 * {@code check-vectors}: runs a folder of known answers against the cryptography of this repository, through its public methods. A
 * file's name is its kind, and each kind checks every expected value of its cases, not only the verdict. What differs is named by
 * case and member; values are not printed.
 */
@NullMarked
package finance.votis.sessions.runner.vectors;

import org.jspecify.annotations.NullMarked;
