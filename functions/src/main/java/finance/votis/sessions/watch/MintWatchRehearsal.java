package finance.votis.sessions.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.aws.RehearsedAws;
import finance.votis.sessions.runtime.Counterpart;
import finance.votis.sessions.runtime.Json;
import finance.votis.sessions.runtime.LogField;
import finance.votis.sessions.runtime.Platform;
import finance.votis.sessions.runtime.SessionOutcome;
import finance.votis.sessions.turnkey.RehearsedTurnkey;
import java.util.List;
import java.util.Map;

/** For a rehearsal: a run that finds one session of the delegate's, which a line says was asked for. */
final class MintWatchRehearsal {

    /** A run that looks at everything, at what was made just now, and hardly waits between requests. */
    static final Map<String, String> OVERRIDES = Map.of(
            "MINT_WATCH_DELAY_MINUTES", "0",
            "MINT_WATCH_TURNS", "1",
            "MINT_WATCH_REQUESTS_PER_SECOND", "50");

    private MintWatchRehearsal() {}

    static List<ObjectNode> events() {
        return List.of(Json.newObject());
    }

    static List<Counterpart> counterparts(Platform platform, String delegateKey) {
        ObjectNode line = Json.newObject()
                .put("timestamp", RehearsedTurnkey.LISTED_AT.toString())
                .put(LogField.OUTCOME.memberName(), SessionOutcome.CREATED.text())
                .put(LogField.ACTIVITY_ID.memberName(), RehearsedTurnkey.ACTIVITY)
                .put(LogField.ORGANIZATION_ID.memberName(), RehearsedTurnkey.SUB_ORGANIZATION);
        return new RehearsedTurnkey(delegateKey).beside(RehearsedAws.reading(platform, Json.text(line)));
    }
}
