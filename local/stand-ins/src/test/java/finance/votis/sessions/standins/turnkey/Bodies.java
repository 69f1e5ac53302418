package finance.votis.sessions.standins.turnkey;

import java.time.Instant;

/** Request bodies as the official SDKs write them. */
final class Bodies {
    private Bodies() {}

    static String activity(ActivityType type, String organizationId, Instant timestamp, String parameters) {
        return envelope(type.wireName(), organizationId, timestamp, parameters);
    }

    static String envelope(String type, String organizationId, Instant timestamp, String parameters) {
        return """
                {"parameters":%s,"organizationId":"%s","timestampMs":"%d","type":"%s"}""".formatted(parameters, organizationId, timestamp.toEpochMilli(), type);
    }

    static String query(String organizationId) {
        return """
                {"organizationId":"%s"}""".formatted(organizationId);
    }

    /** @param members further ones, with a comma in front of each */
    static String query(String organizationId, String members) {
        return """
                {"organizationId":"%s"%s}""".formatted(organizationId, members);
    }
}
