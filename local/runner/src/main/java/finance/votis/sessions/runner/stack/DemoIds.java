package finance.votis.sessions.runner.stack;

import finance.votis.sessions.standins.turnkey.DemoWorld;

/**
 * Two customers of the demo world. The files in {@code events/} name them by four fixed ids, since the world's own are new in every
 * run: {@code …00000000000a} and {@code …0000000000a1} for the caller's organisation and user, {@code …00000000000b} and
 * {@code …0000000000b1} for the other's.
 */
public record DemoIds(String organizationId, String userId, String otherOrganizationId, String otherUserId) {
    private static final String FIXED = "00000000-0000-4000-8000-";

    public static DemoIds of(DemoWorld world) {
        return new DemoIds(
                world.first().organizationId(),
                world.first().userId(),
                world.second().organizationId(),
                world.second().userId());
    }

    /** The event with this world's ids in it. All ids have one length, so {@code content-length} stays true. */
    public String in(String event) {
        return event.replace(FIXED + "00000000000a", organizationId)
                .replace(FIXED + "0000000000a1", userId)
                .replace(FIXED + "00000000000b", otherOrganizationId)
                .replace(FIXED + "0000000000b1", otherUserId);
    }
}
