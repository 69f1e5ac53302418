package finance.votis.sessions.runner.template;

import java.util.List;

/** An {@code AWS::KMS::Key} with the aliases that point to it ({@code alias/…}). */
public record KeyResource(String logicalId, Kind kind, List<String> aliases) {
    /** The kinds that this machine plays. */
    public enum Kind {
        /** {@code SYMMETRIC_DEFAULT} for {@code ENCRYPT_DECRYPT}. */
        WRAPPING,
        /** {@code ECC_NIST_P256} for {@code SIGN_VERIFY}. */
        SIGNING
    }

    public KeyResource {
        aliases = List.copyOf(aliases);
    }
}
