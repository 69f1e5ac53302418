package finance.votis.sessions.runner.lambda;

import com.amazonaws.services.lambda.crac.Context;
import com.amazonaws.services.lambda.crac.Core;
import com.amazonaws.services.lambda.crac.Resource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** Handlers that run in the process under test. */
public final class SampleFunction implements Resource {
    private int invocations;

    public SampleFunction() throws InterruptedException {
        if (System.getenv("HANG_INIT") != null) {
            System.out.println("in the middle");
            new CountDownLatch(1).await();
        }
        if (System.getenv("FAIL_INIT") != null) {
            throw new IllegalStateException("told to fail");
        }
        Core.getGlobalContext().register(this);
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        System.out.println("before the snapshot");
        if (System.getenv("FAIL_SNAPSHOT") != null) {
            throw new IllegalStateException("told to fail before");
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        System.out.println("after the snapshot");
        if (System.getenv("FAIL_RESTORE") != null) {
            throw new IllegalStateException("told to fail after");
        }
    }

    public Map<String, Object> handle(Map<String, Object> event, com.amazonaws.services.lambda.runtime.Context context)
            throws InterruptedException {
        invocations++;
        String wish = String.valueOf(event.get("do"));
        return switch (wish) {
            case "environment" -> new TreeMap<>(System.getenv());
            case "throw" -> throw new IllegalArgumentException("as asked");
            case "exit" -> {
                Runtime.getRuntime().halt(7);
                yield Map.of();
            }
            case "hang" -> {
                new CountDownLatch(1).await();
                yield Map.of();
            }
            case "tell and hang" -> {
                System.out.println("in the middle");
                new CountDownLatch(1).await();
                yield Map.of();
            }
            case "print" -> {
                System.out.println("one\ntwo");
                System.err.println("three");
                yield Map.of();
            }
            case "big" -> Map.of("big", "x".repeat(7 * 1024 * 1024));
            default ->
                Map.of(
                        "event", event,
                        "invocations", invocations,
                        "pid", ProcessHandle.current().pid(),
                        "heapMegabytes", Runtime.getRuntime().maxMemory() >> 20,
                        "remaining", context.getRemainingTimeInMillis(),
                        "arn", context.getInvokedFunctionArn(),
                        "requestId", context.getAwsRequestId());
        };
    }
}
