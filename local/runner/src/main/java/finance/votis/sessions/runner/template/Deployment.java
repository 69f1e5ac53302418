package finance.votis.sessions.runner.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.standins.iam.MalformedPolicyException;
import finance.votis.sessions.standins.iam.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A template under its parameters: the resources that CloudFormation would make. Keys and secrets can be read at once; what depends
 * on other resources is read with their {@link References} at hand. Immutable.
 */
public final class Deployment {
    private static final Set<String> FUNCTION_MEMBERS = Set.of(
            "Handler",
            "Runtime",
            "CodeUri",
            "Environment",
            "Timeout",
            "MemorySize",
            "Events",
            // No part in what a handler sees on this machine.
            "FunctionName",
            "Description",
            "Role",
            "LoggingConfig",
            "EventInvokeConfig",
            "Architectures",
            "ReservedConcurrentExecutions",
            "DeadLetterConfig",
            "DeploymentPreference",
            "SnapStart",
            "AutoPublishAlias",
            "AutoPublishAliasAllProperties",
            "VersionDescription",
            "Tags",
            "PropagateTags",
            "Tracing");
    private static final Set<String> ROUTE_MEMBERS =
            Set.of("ApiId", "Method", "Path", "PayloadFormatVersion", "TimeoutInMillis", "Auth", "RouteSettings");
    private static final Set<String> SCHEDULE_MEMBERS = Set.of(
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "Input",
            "FlexibleTimeWindow",
            "RetryPolicy",
            "OmitName",
            "DeadLetterConfig",
            "Description",
            "Name",
            "State");
    private static final Set<String> API_MEMBERS = Set.of(
            "Auth",
            "AccessLogSettings",
            "DefaultRouteSettings",
            "RouteSettings",
            "CorsConfiguration",
            "DisableExecuteApiEndpoint",
            "FailOnWarnings",
            "Description",
            "Tags");
    private static final Set<String> KEY_MEMBERS = Set.of(
            "Description", "EnableKeyRotation", "PendingWindowInDays", "KeyPolicy", "KeySpec", "KeyUsage", "Tags");
    private static final Set<String> ROLE_MEMBERS =
            Set.of("AssumeRolePolicyDocument", "Policies", "Description", "MaxSessionDuration", "Tags");
    private static final Duration LONGEST_INTEGRATION = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Resolver resolver;
    private final Value.Fields globals;
    private final Value.Fields outputs;
    private final Map<String, Resource> resources;

    Deployment(
            Path folder, Resolver resolver, Value.Fields globals, Value.Fields outputs, Map<String, Resource> resources)
            throws TemplateException {
        this.folder = folder;
        this.resolver = resolver;
        this.globals = globals;
        this.outputs = outputs;
        this.resources = resources;
        Members.require(globals, Set.of("Function", "HttpApi"));
    }

    /** Logical ids of the functions, in the order of the file. */
    public List<String> functionIds() {
        List<String> ids = new ArrayList<>();
        for (Resource resource : of(Resource.FUNCTION)) {
            ids.add(resource.logicalId());
        }
        return List.copyOf(ids);
    }

    public List<KeyResource> keys() throws TemplateException {
        List<KeyResource> keys = new ArrayList<>();
        for (Resource resource : of(Resource.KEY)) {
            Value.Fields properties = resource.properties();
            Members.require(properties, KEY_MEMBERS);
            keys.add(new KeyResource(resource.logicalId(), kind(resource), aliases(resource.logicalId())));
        }
        return List.copyOf(keys);
    }

    private static KeyResource.Kind kind(Resource resource) throws TemplateException {
        Value.Fields properties = resource.properties();
        String spec = Members.text(properties, "KeySpec").orElse("SYMMETRIC_DEFAULT");
        String usage = Members.text(properties, "KeyUsage").orElse("ENCRYPT_DECRYPT");
        return switch (spec + " " + usage) {
            case "SYMMETRIC_DEFAULT ENCRYPT_DECRYPT" -> KeyResource.Kind.WRAPPING;
            case "ECC_NIST_P256 SIGN_VERIFY" -> {
                Optional<Value> rotation = properties.field("EnableKeyRotation");
                if (rotation.isPresent()) {
                    throw new TemplateException(rotation.get().place(), "KMS rotates symmetric keys only");
                }
                yield KeyResource.Kind.SIGNING;
            }
            default ->
                throw new TemplateException(
                        resource.place(),
                        "keys are SYMMETRIC_DEFAULT for ENCRYPT_DECRYPT or ECC_NIST_P256 for SIGN_VERIFY here, not "
                                + spec + " for " + usage);
        };
    }

    public List<SecretResource> secrets() throws TemplateException {
        List<SecretResource> secrets = new ArrayList<>();
        for (Resource resource : of(Resource.SECRET)) {
            Members.require(resource.properties(), Set.of("Name", "Description", "SecretString", "KmsKeyId", "Tags"));
            Optional<Value> first = resource.properties().field("SecretString");
            Optional<Value> value = first.isPresent() ? resolver.resolve(first.get()) : Optional.empty();
            secrets.add(new SecretResource(
                    resource.logicalId(),
                    value.isPresent() ? Optional.of(value.get().asText()) : Optional.empty()));
        }
        return List.copyOf(secrets);
    }

    public List<ApiResource> apis(References references) throws TemplateException {
        List<ApiResource> apis = new ArrayList<>();
        for (Resource resource : of(Resource.HTTP_API)) {
            Value.Fields properties = properties(resource, "HttpApi", API_MEMBERS);
            Map<String, ApiResource.JwtAuthorizer> authorizers = new LinkedHashMap<>();
            for (Map.Entry<String, Value> entry :
                    Members.fields(auth(properties), "Authorizers").fields().entrySet()) {
                Value.Fields authorizer = entry.getValue().asFields();
                authorizers.put(entry.getKey(), authorizer(authorizer, references));
            }
            Optional<Value> any = properties.field("DefaultRouteSettings");
            apis.add(new ApiResource(
                    resource.logicalId(),
                    authorizers,
                    cors(properties, references),
                    any.isPresent() ? Optional.of(throttle(resolved(any.get(), references))) : Optional.empty(),
                    throttles(resource.logicalId(), properties, references)));
        }
        return List.copyOf(apis);
    }

    private Optional<ApiResource.Cors> cors(Value.Fields api, References references) throws TemplateException {
        Optional<Value> written = api.field("CorsConfiguration");
        Optional<Value> resolved =
                written.isPresent() ? resolver.with(references).resolve(written.get()) : Optional.empty();
        if (resolved.isEmpty()) {
            return Optional.empty();
        }
        Value.Fields cors = resolved.get().asFields();
        // Credentials of the browser's own are no part of this API.
        Members.require(cors, Set.of("AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders", "MaxAge"));
        List<String> origins = texts(Members.required(cors, "AllowOrigins"));
        for (String origin : origins) {
            if (!origin.matches("https?://[^/*]+")) {
                throw new TemplateException(cors.place(), "an origin is written whole here, without * and path");
            }
        }
        return Optional.of(new ApiResource.Cors(
                origins,
                texts(Members.required(cors, "AllowMethods")),
                texts(Members.required(cors, "AllowHeaders")),
                texts(Members.required(cors, "ExposeHeaders")),
                Members.required(cors, "MaxAge").asWholeNumber()));
    }

    private Map<String, ApiResource.Throttle> throttles(String api, Value.Fields properties, References references)
            throws TemplateException {
        Set<String> keys = routeKeys(api, references);
        Map<String, ApiResource.Throttle> throttles = new LinkedHashMap<>();
        for (Map.Entry<String, Value> entry :
                Members.fields(properties, "RouteSettings").fields().entrySet()) {
            Optional<Value> settings = resolver.with(references).resolve(entry.getValue());
            if (settings.isEmpty()) {
                continue;
            }
            if (!keys.contains(entry.getKey())) {
                // CloudFormation: Unable to find Route by key … within the provided RouteSettings.
                throw new TemplateException(
                        entry.getValue().place(), "no route " + entry.getKey() + " is there under these parameters");
            }
            throttles.put(entry.getKey(), throttle(settings.get()));
        }
        return throttles;
    }

    private static ApiResource.Throttle throttle(Value value) throws TemplateException {
        Value.Fields settings = value.asFields();
        Members.require(settings, Set.of("ThrottlingRateLimit", "ThrottlingBurstLimit", "DetailedMetricsEnabled"));
        int perSecond = Members.required(settings, "ThrottlingRateLimit").asWholeNumber();
        int burst = Members.required(settings, "ThrottlingBurstLimit").asWholeNumber();
        if (perSecond < 1 || burst < 1) {
            throw new TemplateException(settings.place(), "at 0 nobody gets through");
        }
        return new ApiResource.Throttle(perSecond, burst);
    }

    private Set<String> routeKeys(String api, References references) throws TemplateException {
        Set<String> keys = new HashSet<>();
        for (FunctionResource function : functions(references)) {
            for (FunctionResource.Route route : function.routes()) {
                if (route.api().equals(api)) {
                    keys.add(route.key());
                }
            }
        }
        return keys;
    }

    public List<FunctionResource> functions(References references) throws TemplateException {
        List<FunctionResource> functions = new ArrayList<>();
        for (Resource resource : of(Resource.FUNCTION)) {
            functions.add(function(resource, references));
        }
        return List.copyOf(functions);
    }

    /** Whether there is an output of this name under these parameters. */
    public boolean hasOutput(String name) throws TemplateException {
        Optional<Value> output = outputs.field(name);
        if (output.isEmpty()) {
            return false;
        }
        Optional<Value> condition = output.get().asFields().field("Condition");
        return condition.isEmpty() || resolver.condition(condition.get());
    }

    /** One of the template's outputs, which are how an operator finds what a stack has made. */
    public String output(String name, References references) throws TemplateException {
        Value.Fields output = Members.required(outputs, name).asFields();
        if (!hasOutput(name)) {
            throw new TemplateException(output.place(), "this output is not there under these parameters");
        }
        return resolved(Members.required(output, "Value"), references).asText();
    }

    /** Who may do what: the policies of roles and keys with all values in them, as text by logical id. */
    public Map<String, String> policies(References references) throws TemplateException {
        Map<String, String> policies = new LinkedHashMap<>();
        for (Resource resource : resources.values()) {
            List<String> members = switch (resource.type()) {
                case Resource.ROLE -> List.of("AssumeRolePolicyDocument", "Policies");
                case Resource.KEY -> List.of("KeyPolicy");
                default -> List.of();
            };
            for (String member : members) {
                String text = plain(resolved(Members.required(resource.properties(), member), references))
                        .toString();
                policies.merge(resource.logicalId(), text, String::concat);
            }
        }
        return policies;
    }

    /** What each role may do, and who may assume it; policies that this machine cannot play are refused. */
    public List<RoleResource> roles(References references) throws TemplateException {
        List<RoleResource> roles = new ArrayList<>();
        for (Resource resource : of(Resource.ROLE)) {
            Value.Fields properties = resource.properties();
            Members.require(properties, ROLE_MEMBERS);
            List<String> policies = new ArrayList<>();
            Optional<Value> own = properties.field("Policies");
            for (Value one : own.isPresent() ? resolved(own.get(), references).asItems() : List.<Value>of()) {
                Value.Fields policy = one.asFields();
                Members.require(policy, Set.of("PolicyName", "PolicyDocument"));
                policies.add(policy(Members.required(policy, "PolicyDocument"), Policy::ofIdentity));
            }
            Value trust = resolved(Members.required(properties, "AssumeRolePolicyDocument"), references);
            roles.add(new RoleResource(resource.logicalId(), policy(trust, Policy::ofTrust), policies));
        }
        return List.copyOf(roles);
    }

    /** The policies of those keys that have one, as JSON by logical id; what this machine cannot play is refused. */
    public Map<String, String> keyPolicies(References references) throws TemplateException {
        Map<String, String> policies = new LinkedHashMap<>();
        for (Resource resource : of(Resource.KEY)) {
            Optional<Value> policy = resource.properties().field("KeyPolicy");
            if (policy.isPresent()) {
                policies.put(resource.logicalId(), policy(resolved(policy.get(), references), Policy::ofKey));
            }
        }
        return policies;
    }

    private static String policy(Value document, Consumer<String> check) throws TemplateException {
        try {
            String json = JSON.writeValueAsString(plain(document));
            check.accept(json);
            return json;
        } catch (MalformedPolicyException e) {
            throw new TemplateException(document.place(), String.valueOf(e.getMessage()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists and texts are written as JSON", e);
        }
    }

    /** Its type, such as {@code AWS::IAM::Role}; empty string if there is no such resource under these parameters. */
    public String typeOf(String logicalId) {
        Resource resource = resources.get(logicalId);
        return resource == null ? "" : resource.type();
    }

    private static Object plain(Value resolved) throws TemplateException {
        return switch (resolved) {
            case Value.Text text -> text.text();
            case Value.Nothing _ -> "";
            case Value.Items(Place _, List<Value> items) -> {
                List<Object> plain = new ArrayList<>();
                for (Value item : items) {
                    plain.add(plain(item));
                }
                yield plain;
            }
            case Value.Fields(Place _, Map<String, Value> fields) -> {
                Map<String, Object> plain = new LinkedHashMap<>();
                for (Map.Entry<String, Value> field : fields.entrySet()) {
                    plain.put(field.getKey(), plain(field.getValue()));
                }
                yield plain;
            }
            case Value.Call call -> throw new TemplateException(call.place(), "a function that was not resolved");
        };
    }

    private FunctionResource function(Resource resource, References references) throws TemplateException {
        Value.Fields properties = properties(resource, "Function", FUNCTION_MEMBERS);
        Value runtime = resolved(Members.required(properties, "Runtime"), references);
        if (!runtime.asText().equals("java25")) {
            throw new TemplateException(runtime.place(), "this machine plays java25 only");
        }
        Value timeout = Members.required(properties, "Timeout");
        int seconds = resolved(timeout, references).asWholeNumber();
        if (seconds < 1 || seconds > 900) {
            throw new TemplateException(timeout.place(), "1 to 900 seconds");
        }
        Value memory = Members.required(properties, "MemorySize");
        int megabytes = resolved(memory, references).asWholeNumber();
        if (megabytes < 128 || megabytes > 10240) {
            throw new TemplateException(memory.place(), "128 to 10240 megabytes");
        }
        Value.Fields environment = Members.fields(properties, "Environment");
        Members.require(environment, Set.of("Variables"));
        Map<String, String> variables = new LinkedHashMap<>();
        for (Map.Entry<String, Value> entry :
                Members.fields(environment, "Variables").fields().entrySet()) {
            if (!entry.getKey().matches("[A-Za-z][A-Za-z0-9_]+")) {
                throw new TemplateException(entry.getValue().place(), "not a name that Lambda takes for a variable");
            }
            Optional<Value> value = resolver.with(references).resolve(entry.getValue());
            if (value.isPresent()) {
                variables.put(entry.getKey(), value.get().asText());
            }
        }
        List<FunctionResource.Route> routes = new ArrayList<>();
        List<FunctionResource.Schedule> schedules = new ArrayList<>();
        for (Map.Entry<String, Value> entry :
                Members.fields(properties, "Events").fields().entrySet()) {
            Value.Fields event = entry.getValue().asFields();
            Members.require(event, Set.of("Type", "Properties"));
            Value.Fields of = Members.fields(event, "Properties");
            Value type = Members.required(event, "Type");
            switch (type.asText()) {
                case "HttpApi" -> routes.add(route(of, references));
                case "ScheduleV2" -> schedules.add(schedule(entry.getKey(), of, references));
                default -> throw new TemplateException(type.place(), "events of this type are not played here");
            }
        }
        Value.Fields logging = Members.fields(properties, "LoggingConfig");
        return new FunctionResource(
                resource.logicalId(),
                named(properties.field("Role")),
                named(logging.field("LogGroup")),
                resolved(Members.required(properties, "Handler"), references).asText(),
                folder.resolve(resolved(Members.required(properties, "CodeUri"), references)
                                .asText())
                        .normalize(),
                variables,
                Duration.ofSeconds(seconds),
                megabytes,
                Members.text(logging, "LogFormat").orElse("Text"),
                hasSnapshot(properties, references),
                routes,
                schedules);
    }

    /** The logical id of the resource that a line names. */
    private Optional<String> named(Optional<Value> line) throws TemplateException {
        Optional<Value> name = line.isPresent()
                ? resolver.with((logicalId, attribute) -> Optional.of(logicalId))
                        .resolve(line.get())
                : Optional.empty();
        return name.isPresent() ? Optional.of(name.get().asText()) : Optional.empty();
    }

    private boolean hasSnapshot(Value.Fields properties, References references) throws TemplateException {
        Value.Fields snapStart = Members.fields(properties, "SnapStart");
        Members.require(snapStart, Set.of("ApplyOn"));
        Optional<Value> applyOn = snapStart.field("ApplyOn");
        if (applyOn.isEmpty()) {
            return false;
        }
        String when = resolved(applyOn.get(), references).asText();
        boolean isOn = when.equals("PublishedVersions");
        if (!isOn && !when.equals("None")) {
            throw new TemplateException(applyOn.get().place(), "PublishedVersions or None");
        }
        if (isOn && properties.field("AutoPublishAlias").isEmpty()) {
            throw new TemplateException(
                    applyOn.get().place(), "without AutoPublishAlias nothing starts from a snapshot");
        }
        return isOn;
    }

    private FunctionResource.Route route(Value.Fields event, References references) throws TemplateException {
        Members.require(event, ROUTE_MEMBERS);
        Value apiId = Members.required(event, "ApiId");
        if (!(apiId instanceof Value.Call call && call.function().equals("Ref"))) {
            throw new TemplateException(apiId.place(), "ApiId is a !Ref to an API of this template");
        }
        String api = call.argument().asText();
        Resource resource = resources.get(api);
        if (resource == null || !resource.type().equals(Resource.HTTP_API)) {
            throw new TemplateException(apiId.place(), api + " is no " + Resource.HTTP_API + " under these parameters");
        }
        Optional<Value> version = event.field("PayloadFormatVersion");
        if (version.isPresent() && !version.get().asText().equals("2.0")) {
            throw new TemplateException(version.get().place(), "only payload format 2.0 is played here");
        }
        String path = resolved(Members.required(event, "Path"), references).asText();
        if (!path.startsWith("/") && !path.equals("$default")) {
            throw new TemplateException(Members.required(event, "Path").place(), "a path begins with /");
        }
        Optional<Value> millis = event.field("TimeoutInMillis");
        Duration timeout = millis.isPresent()
                ? Duration.ofMillis(resolved(millis.get(), references).asWholeNumber())
                : LONGEST_INTEGRATION;
        if (timeout.compareTo(LONGEST_INTEGRATION) > 0 || timeout.toMillis() < 50) {
            throw new TemplateException(millis.orElse(apiId).place(), "50 to 30000 milliseconds");
        }
        Value.Fields apiAuth = auth(properties(resource, "HttpApi", API_MEMBERS));
        Value.Fields own = Members.fields(event, "Auth");
        Members.require(own, Set.of("Authorizer", "AuthorizationScopes"));
        Optional<String> chosen = Members.text(own, "Authorizer");
        String authorizer = chosen.isPresent()
                ? chosen.get()
                : Members.text(apiAuth, "DefaultAuthorizer").orElse("");
        if (authorizer.equals("NONE")) {
            authorizer = "";
        }
        Value.Fields authorizers = Members.fields(apiAuth, "Authorizers");
        List<String> scopes = List.of();
        if (!authorizer.isEmpty()) {
            Optional<Value> named = authorizers.field(authorizer);
            if (named.isEmpty()) {
                throw new TemplateException(own.place(), api + " has no authorizer " + authorizer);
            }
            // A route's own scopes stand in place of its authorizer's.
            Optional<Value> asked = own.field("AuthorizationScopes");
            if (asked.isEmpty()) {
                asked = named.get().asFields().field("AuthorizationScopes");
            }
            scopes = asked.isPresent() ? texts(resolved(asked.get(), references)) : List.of();
        }
        String method = Members.required(event, "Method").asText().toUpperCase(Locale.ROOT);
        return new FunctionResource.Route(
                api,
                method.equals("X-AMAZON-APIGATEWAY-ANY-METHOD") ? "ANY" : method,
                path,
                authorizer,
                scopes,
                timeout);
    }

    private FunctionResource.Schedule schedule(String name, Value.Fields event, References references)
            throws TemplateException {
        Members.require(event, SCHEDULE_MEMBERS);
        String expression = resolved(Members.required(event, "ScheduleExpression"), references)
                .asText();
        Optional<Value> input = event.field("Input");
        // Scheduler sends {} where no input is given.
        return new FunctionResource.Schedule(
                name,
                expression,
                input.isPresent() ? resolved(input.get(), references).asText() : "{}");
    }

    private ApiResource.JwtAuthorizer authorizer(Value.Fields authorizer, References references)
            throws TemplateException {
        Members.require(authorizer, Set.of("IdentitySource", "JwtConfiguration", "AuthorizationScopes"));
        Value source = Members.required(authorizer, "IdentitySource");
        if (!source.asText().equals("$request.header.Authorization")) {
            throw new TemplateException(source.place(), "only $request.header.Authorization is played here");
        }
        Value.Fields jwt = Members.required(authorizer, "JwtConfiguration").asFields();
        Members.require(jwt, Set.of("issuer", "audience"));
        return new ApiResource.JwtAuthorizer(
                resolved(Members.required(jwt, "issuer"), references).asText(),
                texts(resolved(Members.required(jwt, "audience"), references)));
    }

    private static Value.Fields auth(Value.Fields api) throws TemplateException {
        Value.Fields auth = Members.fields(api, "Auth");
        Members.require(auth, Set.of("DefaultAuthorizer", "Authorizers"));
        return auth;
    }

    private List<String> aliases(String key) throws TemplateException {
        List<String> aliases = new ArrayList<>();
        // An alias names its key by !Ref or !GetAtt: both are answered by the logical id while looking for this one's.
        Resolver byLogicalId = resolver.with((logicalId, attribute) -> Optional.of(logicalId));
        for (Resource resource : of(Resource.ALIAS)) {
            Members.require(resource.properties(), Set.of("AliasName", "TargetKeyId"));
            Optional<Value> target = byLogicalId.resolve(Members.required(resource.properties(), "TargetKeyId"));
            if (target.isPresent() && target.get().asText().equals(key)) {
                aliases.add(resolved(
                                Members.required(resource.properties(), "AliasName"),
                                (id, attribute) -> Optional.empty())
                        .asText());
            }
        }
        return aliases;
    }

    private List<Resource> of(String type) {
        List<Resource> found = new ArrayList<>();
        for (Resource resource : resources.values()) {
            if (resource.type().equals(type)) {
                found.add(resource);
            }
        }
        return found;
    }

    private Value.Fields properties(Resource resource, String global, Set<String> known) throws TemplateException {
        Value.Fields shared = Members.fields(globals, global);
        Members.require(shared, known);
        Members.require(resource.properties(), known);
        return merged(shared, resource.properties());
    }

    /** SAM's rule for globals: mappings are merged, lists added up, anything else is replaced by the resource's own. */
    private static Value.Fields merged(Value.Fields shared, Value.Fields own) {
        Map<String, Value> fields = new LinkedHashMap<>(shared.fields());
        own.fields().forEach((name, value) -> fields.merge(name, value, Deployment::merged));
        return new Value.Fields(own.place(), fields);
    }

    private static Value merged(Value shared, Value own) {
        if (shared instanceof Value.Fields sharedFields && own instanceof Value.Fields ownFields) {
            return merged(sharedFields, ownFields);
        }
        if (shared instanceof Value.Items sharedItems && own instanceof Value.Items ownItems) {
            List<Value> items = new ArrayList<>(sharedItems.items());
            items.addAll(ownItems.items());
            return new Value.Items(own.place(), List.copyOf(items));
        }
        return own;
    }

    private Value resolved(Value value, References references) throws TemplateException {
        return resolver.with(references)
                .resolve(value)
                .orElseThrow(() -> new TemplateException(value.place(), "AWS::NoValue cannot stand here"));
    }

    private static List<String> texts(Value list) throws TemplateException {
        List<String> texts = new ArrayList<>();
        for (Value item : list.asItems()) {
            // A list parameter in a list is flattened: audience takes both !Ref List and [!Ref Text].
            if (item instanceof Value.Items inner) {
                texts.addAll(texts(inner));
            } else {
                texts.add(item.asText());
            }
        }
        return texts;
    }
}
