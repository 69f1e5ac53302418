package finance.votis.sessions.runner.template;

import java.util.List;
import java.util.Map;

/** An {@code AWS::Serverless::HttpApi} with its JWT authorizers by name. */
public record ApiResource(String logicalId, Map<String, JwtAuthorizer> authorizers) {
    /** Tokens of this issuer that name one of these audiences, from the {@code Authorization} header. */
    public record JwtAuthorizer(String issuer, List<String> audiences) {
        public JwtAuthorizer {
            audiences = List.copyOf(audiences);
        }
    }

    public ApiResource {
        authorizers = Map.copyOf(authorizers);
    }
}
