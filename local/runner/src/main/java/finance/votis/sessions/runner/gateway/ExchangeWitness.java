package finance.votis.sessions.runner.gateway;

import finance.votis.sessions.standins.http.Reply;
import finance.votis.sessions.standins.http.Request;
import java.util.Optional;

/**
 * Looks at each exchange of a route. Tests put one on the class path as a service, which holds it against the contract; without one nobody
 * looks. Thread-safe.
 */
public interface ExchangeWitness {

    /**
     * What is wrong with it, in words: the caller gets a 500 with them in place of the answer. Empty if all is well.
     *
     * @param reply as the caller would get it
     */
    Optional<String> complaint(Request request, Reply.Whole reply);
}
