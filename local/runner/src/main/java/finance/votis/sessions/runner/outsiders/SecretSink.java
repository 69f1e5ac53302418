package finance.votis.sessions.runner.outsiders;

/** Is told of secrets that came up, so that they can be looked for where they do not belong. */
@FunctionalInterface
public interface SecretSink {
    /** The bytes are a copy. */
    void secret(String name, byte[] secret);
}
