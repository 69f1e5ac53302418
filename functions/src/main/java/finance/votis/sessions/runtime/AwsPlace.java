package finance.votis.sessions.runtime;

import java.net.URI;
import java.util.Optional;

/** Where AWS is for this function. Endpoints are empty in an account, where the SDK knows them. */
public record AwsPlace(String region, Optional<URI> kms, Optional<URI> secretsManager, Optional<URI> logs) {}
