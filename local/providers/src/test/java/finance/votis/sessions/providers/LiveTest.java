package finance.votis.sessions.providers;

import finance.votis.sessions.standins.aws.AwsStandIn;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** At Turnkey itself, by choice. With {@code AWS_LIVE} also at AWS itself, else beside the stand-in for it. */
class LiveTest extends LiveFlows {

    private @Nullable AwsStandIn aws;

    @Override
    Map<String, String> variables() {
        Skipped.unless(
                LiveSettings.areAskedFor(System.getenv()),
                "Turnkey itself: no TURNKEY_LIVE_… is set (docs/operations.md, \"Tests against your accounts\")");
        return System.getenv();
    }

    @Override
    Account account(Map<String, String> variables) {
        if (Account.isAwsAskedFor(variables)) {
            return Account.ofProfile(variables);
        }
        aws = AwsStandIn.start(BlockingHttpServer.anyPort(), InstantSource.system(), new SecureRandom());
        return Account.at(aws.url(), aws.region());
    }

    @Override
    @AfterAll
    void end() throws Exception {
        super.end();
        if (aws != null) {
            aws.close();
        }
    }
}
