package finance.votis.sessions.providers;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;

/** LocalStack in a container, of the last version that asks for no account. */
class LocalStackTest extends AwsContract {

    @RegisterExtension
    static final HeldToThePage PAGE = new HeldToThePage(Page.LOCAL_STACK);

    private static final String IMAGE = "localstack/localstack:4.14.0";

    private @Nullable LocalStackContainer container;

    @Override
    Account open() {
        Skipped.unless(DockerClientFactory.instance().isDockerAvailable(), "LocalStack: there is no Docker here");
        container = new LocalStackContainer(IMAGE).withServices("kms", "secretsmanager");
        container.start();
        return Account.at(container.getEndpoint(), container.getRegion());
    }

    @Override
    void shut() {
        if (container != null) {
            container.stop();
        }
    }
}
