package finance.votis.sessions.runner.gateway;

import finance.votis.sessions.runner.lambda.Invocation;
import finance.votis.sessions.runner.template.FunctionResource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A route and the function behind it: event in, invocation out. */
public record BoundRoute(FunctionResource.Route route, Function<String, CompletableFuture<Invocation>> function) {}
