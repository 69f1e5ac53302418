/**
 * The cryptography by hand, to debug a phone's code and to make keys: {@code keygen}, {@code stamp}, {@code verify-stamp} and
 * {@code open-bundle}, and {@code kms-key} for a key that stays in KMS. Secrets come in by file or standard input and leave only into files that nobody else can read. What is
 * printed, also of a failure, holds no byte of what was read.
 */
@NullMarked
package finance.votis.sessions.runner.keys;

import org.jspecify.annotations.NullMarked;
