package finance.votis.sessions.runner.template;

import java.util.List;

/** A symmetric {@code AWS::KMS::Key} with the aliases that point to it ({@code alias/…}). */
public record KeyResource(String logicalId, List<String> aliases) {
    public KeyResource {
        aliases = List.copyOf(aliases);
    }
}
