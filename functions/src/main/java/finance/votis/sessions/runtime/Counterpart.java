package finance.votis.sessions.runtime;

import java.util.Map;
import java.util.Set;

/** Somebody whom a function talks to, played in the same process for a rehearsal. What it knows is made for that and is worth nothing. */
public interface Counterpart {

    /**
     * One request.
     *
     * @param target method and path
     * @param headers names in lower case
     */
    record Request(String target, Map<String, String> headers, String body) {}

    /** Environment variables that lead a function to it. */
    Set<String> variables();

    /** System properties that do; set only before a snapshot, while the rehearsal lasts. */
    default Set<String> properties() {
        return Set.of();
    }

    /** Whether it speaks TLS, as its original does. */
    default boolean speaksTls() {
        return true;
    }

    /** What the keys of a chain of certificates are. Each has code of its own in the JDK. */
    enum Chain {
        EC,
        RSA
    }

    /** Where it speaks TLS, its own. */
    default Chain chain() {
        return Chain.EC;
    }

    /** Where it speaks TLS, whether its original takes the cipher suite that its caller puts first, or has an order of its own. */
    default boolean takesCallersFirstCipherSuite() {
        return false;
    }

    /** JSON, as its original would answer; the status is 200. */
    String answer(Request request);
}
