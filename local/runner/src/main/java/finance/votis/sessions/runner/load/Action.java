package finance.votis.sessions.runner.load;

import java.util.random.RandomGenerator;

/** What a phone does, and how often: of a hundred. */
enum Action {
    READ_WRITE("read-write", 30),
    REPLACE("read-write, replaces", 12),
    RELAY("relay, stamped by a session", 14),
    READ_ONLY("read-only", 15),
    LIST("list", 16),
    REVOKE("revoke one", 10),
    REVOKE_OTHERS("revoke others", 3);

    private final String text;
    private final int weight;

    Action(String text, int weight) {
        this.text = text;
        this.weight = weight;
    }

    String text() {
        return text;
    }

    static Action draw(RandomGenerator random) {
        int left = random.nextInt(100);
        for (Action action : values()) {
            left -= action.weight;
            if (left < 0) {
                return action;
            }
        }
        throw new IllegalStateException("the weights are a hundred together");
    }
}
