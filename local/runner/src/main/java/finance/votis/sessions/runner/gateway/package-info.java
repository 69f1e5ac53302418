/**
 * The HTTP API of the template on this machine: routes, the JWT authorizer, throttling, CORS, payload format 2.0 both ways, and the
 * answers that API Gateway gives by itself; and, where the API has no route, the contract to browse. Whoever calls is decided here and handed on as claims. It starts no function and reads no template.
 */
@NullMarked
package finance.votis.sessions.runner.gateway;

import org.jspecify.annotations.NullMarked;
