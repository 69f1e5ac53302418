package finance.votis.sessions.standins.aws;

/** What a KMS key can do with its secret, which it never gives away. */
sealed interface KeyMaterial permits AesMaterial, EccMaterial {
    KeyKind kind();
}
