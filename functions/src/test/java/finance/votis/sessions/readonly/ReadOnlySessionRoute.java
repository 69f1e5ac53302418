package finance.votis.sessions.readonly;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import finance.votis.sessions.scene.Scene;

/** The function for tests of other rooms. */
public final class ReadOnlySessionRoute {
    private ReadOnlySessionRoute() {}

    public static RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> loggingTo(String group, Scene scene) {
        return new ReadOnlySessionFunction(scene.environment(), scene.platformLoggingTo(group));
    }
}
