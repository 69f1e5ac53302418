/**
 * Who signs the users in: an issuer whose keys are found by discovery, as API Gateway's JWT authorizer finds them. There is no
 * login; whoever holds the object mints tokens. A token that nobody should accept comes from a second issuer.
 */
@NullMarked
package finance.votis.sessions.standins.oidc;

import org.jspecify.annotations.NullMarked;
