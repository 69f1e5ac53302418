/**
 * Those who use the bundle from outside: a phone, and an admin job of the company. They know the contract and the wire and nothing of
 * the template, so a wrong template cannot lead them along. Beside them who reads all that is written and looks for secrets in it.
 */
@NullMarked
package finance.votis.sessions.runner.outsiders;

import org.jspecify.annotations.NullMarked;
