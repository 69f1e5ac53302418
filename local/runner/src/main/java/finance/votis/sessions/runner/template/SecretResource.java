package finance.votis.sessions.runner.template;

import java.util.Optional;

/** An {@code AWS::SecretsManager::Secret}; without a first value it has no version until someone puts one. */
public record SecretResource(String logicalId, Optional<String> firstValue) {}
