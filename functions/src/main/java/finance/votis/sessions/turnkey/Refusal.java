package finance.votis.sessions.turnkey;

/** What a refusal by Turnkey means, told by its error code and text, never by the HTTP status alone. */
public enum Refusal {
    /** Our request is wrong: a bug. */
    BAD_REQUEST,
    /** A claim or a setting names something that is not an organization id. */
    BAD_ORGANIZATION_ID,
    /** The lifetime asked for is not acceptable. */
    BAD_EXPIRATION,
    /** The stamping key belongs to another organization, typically the parent. */
    ORGANIZATION_MISMATCH,
    /** No stamp, or not in a form that Turnkey reads: a bug. */
    STAMP_NOT_ACCEPTED,
    /** The stamp's signature does not fit the body, also after stamping anew. */
    SIGNATURE_INVALID,
    /** The stamping key is not registered there: never was, was deleted, was evicted. Load the credential again. */
    KEY_UNKNOWN,
    /** The stamping key is over. Load the credential again. */
    KEY_EXPIRED,
    /** The key is known in more than one sub-organization: name the sub-organization. */
    CREDENTIAL_CONFLICT,
    /** A policy is missing or denies. */
    NOT_AUTHORIZED,
    /** Turnkey's operations are switched off for now. */
    OPERATIONS_DISABLED,
    ORGANIZATION_NOT_FOUND,
    NOT_FOUND,
    /** Ask again in a moment. As an HTTP answer this is {@link Answer.RateLimited}. */
    TOO_MANY_REQUESTS,
    /** Turnkey holds this organization or its parent back. As an HTTP answer this is {@link Answer.RateLimited}. */
    ORGANIZATION_RATE_LIMITED,
    /** The plan's quota is spent: a matter of billing, waiting does not help. */
    QUOTA_EXCEEDED,
    /** The user must lose a key before it gets another. */
    TOO_MANY_KEYS,
    /** Turnkey's own failure. */
    INTERNAL,
    /** A code or text that we do not know. */
    OTHER
}
