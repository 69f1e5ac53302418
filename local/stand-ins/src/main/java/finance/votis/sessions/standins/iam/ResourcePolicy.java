package finance.votis.sessions.standins.iam;

/** What a resource itself says of who may use it. */
public sealed interface ResourcePolicy {
    /** Nothing: the caller's own policies decide. */
    record None() implements ResourcePolicy {}

    /**
     * Of a KMS key: nobody may do anything with it unless its own policy says so, be it by naming the caller or by leaving it to the account's
     * policies.
     *
     * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html">Troubleshooting key access</a>
     */
    record OfKey(Policy policy) implements ResourcePolicy {}

    /** Of a role: who may assume it. */
    record Trust(Policy policy) implements ResourcePolicy {}
}
