package finance.votis.sessions.providers;

import finance.votis.sessions.standins.aws.AwsStandIn;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our own stand-in. */
class StandInTest extends AwsContract {

    @RegisterExtension
    static final HeldToThePage PAGE = new HeldToThePage(Page.STAND_IN);

    private final AwsStandIn aws =
            AwsStandIn.start(BlockingHttpServer.anyPort(), InstantSource.system(), new SecureRandom());

    @Override
    Account open() {
        return Account.at(aws.url(), aws.region());
    }

    @Override
    void shut() {
        aws.close();
    }
}
