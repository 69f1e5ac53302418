package finance.votis.sessions.runner.story;

/** Is shown each secret that comes up, so that a test can look for it where it does not belong. */
@FunctionalInterface
interface Witness {
    Witness NOBODY = (name, secret) -> {};

    /** The bytes are a copy. */
    void secret(String name, byte[] secret);
}
