package finance.votis.sessions.runner.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One thing that was looked at. */
sealed interface Check {

    enum Subject {
        CLOCK,
        CLAIMS,
        PARENT,
        ROOT_QUORUM,
        POLICIES,
        DENIALS,
        USER,
        EXPIRING_KEYS,
        LOOKED_AT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    Subject subject();

    /** Empty where it is about none. */
    Optional<String> organizationId();

    /**
     * It is as it should be.
     *
     * @param tells one line
     */
    record Held(Subject subject, Optional<String> organizationId, String tells) implements Check {}

    /**
     * It holds, and could be better.
     *
     * @param tells one line
     */
    record Hint(Subject subject, Optional<String> organizationId, String tells, List<Remedy> remedies)
            implements Check {}

    /**
     * It is not known, which is no finding.
     *
     * @param why one line
     */
    record NotKnown(Subject subject, Optional<String> organizationId, String why) implements Check {}

    record Found(Subject subject, Optional<String> organizationId, Finding finding) implements Check {}
}
