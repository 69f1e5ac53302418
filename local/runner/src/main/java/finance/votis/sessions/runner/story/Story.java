package finance.votis.sessions.runner.story;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runner.lambda.Invocation;
import finance.votis.sessions.runner.lambda.LambdaFunction;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.outsiders.AdminJob;
import finance.votis.sessions.runner.outsiders.DidNotHold;
import finance.votis.sessions.runner.outsiders.Phone;
import finance.votis.sessions.runner.outsiders.TurnkeyApi;
import finance.votis.sessions.runner.outsiders.Wire;
import finance.votis.sessions.runner.stack.AwsAccount;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.standins.turnkey.ApiKey;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.Endpoint;
import finance.votis.sessions.standins.turnkey.Fault;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/** Three kinds of session on a running stack, a phone's in both ways, each proved by using it, one of them through a kill; then three refusals. Told once, by one thread. */
final class Story {
    /** What one step does; what it returns is told. */
    private interface Step<T> {
        T run() throws DidNotHold, TemplateException, InterruptedException, ExecutionException;
    }

    /** Keeps a server session. */
    private static final String KEEPER = "ServerSessionFunction";

    private final RunningStack stack;
    private final Screen screen;
    private final InstantSource clock;
    private final Witness witness;
    private final SecureRandom random = new SecureRandom();
    private final Wire wire = new Wire();
    private final TurnkeyApi turnkey;
    private int steps;

    private Story(RunningStack stack, Screen screen, InstantSource clock, Witness witness) {
        this.stack = stack;
        this.screen = screen;
        this.clock = clock;
        this.witness = witness;
        this.turnkey = new TurnkeyApi(wire, stack.turnkeyUrl());
    }

    /**
     * Tells it to its end or to the first step that does not hold.
     *
     * @return the number of steps, all of which held
     * @throws DidNotHold after the screen has shown which
     */
    static int tell(RunningStack stack, Screen screen, InstantSource clock, Witness witness) throws DidNotHold {
        Story story = new Story(stack, screen, clock, witness);
        try {
            story.tell();
        } finally {
            story.wire.close();
        }
        return story.steps;
    }

    private void tell() throws DidNotHold {
        DemoWorld world = stack.turnkey().demo();
        DemoWorld.Customer ada = world.first();
        String token = stack.token("ada", ada.organizationId(), ada.userId());
        witness.secret("Ada's access token", token.getBytes(StandardCharsets.UTF_8));
        Phone phone = new Phone(wire, stack.apiUrl(), token, witness);

        phonesSession(phone, ada);
        stampedByThePhone(phone, ada);
        AdminJob job = serverSession(world);
        killedInTheMiddle(job, world);
        readOnlySession(phone, ada);
        refusals(phone, world.second());
    }

    private void phonesSession(Phone phone, DemoWorld.Customer ada) throws DidNotHold {
        screen.chapter("A phone's session: the backend carries it, and cannot open it");
        TargetKeyPair pair = step(
                "Ada's phone makes a key pair; the private half stays in the phone", () -> phone.makeKeyPair(random));
        Wire.Answer answer = step(
                "It posts the public half; the delegate's key stamps, and Turnkey seals a session key to the phone",
                () -> {
                    Wire.Answer made = phone.askForSession(pair.publicKey()).expect(201);
                    made.expectText("organizationId", ada.organizationId());
                    made.expectText("userId", ada.userId());
                    made.text("apiKeyId");
                    Duration life = Duration.between(instant(made, "createdAt"), instant(made, "expiresAt"));
                    require(life.equals(Duration.ofMinutes(15)), "a session that asks for no lifetime gets 15 minutes");
                    return made;
                });
        try (LocalStamper session = step(
                "The phone opens the bundle that came back: inside is a private key that nobody else has",
                () -> phone.open(answer.text("credentialBundle"), pair))) {
            step("It stamps a whoami with that key, and Turnkey knows Ada by it: " + ada.userId(), () -> {
                Wire.Answer who = turnkey.whoami(session, ada.organizationId()).expect(200);
                who.expectText("organizationId", ada.organizationId());
                who.expectText("userId", ada.userId());
                return who;
            });
        }
    }

    private void stampedByThePhone(Phone phone, DemoWorld.Customer ada) throws DidNotHold {
        screen.chapter("The strong way: the phone stamps for itself, and the backend passes the bytes on");
        TargetKeyPair firstPair = phone.makeKeyPair(random);
        Wire.Answer first = step(
                "Ada's phone stamps Turnkey's own request with its passkey; the relay, which has no key, passes it on",
                () -> sessionOf(
                        ada,
                        phone.relay(
                                Phone.turnkeysRequest(ada.organizationId(), ada.userId(), firstPair.publicKey(), clock),
                                ada.passkey(),
                                DemoWorld.ORIGIN)));
        try (LocalStamper old = step("It opens the bundle, and Turnkey knows Ada by what is in it", () -> {
            LocalStamper opened = phone.open(first.text("credentialBundle"), firstPair);
            turnkey.whoami(opened, ada.organizationId()).expect(200).expectText("userId", ada.userId());
            return opened;
        })) {
            TargetKeyPair nextPair = phone.makeKeyPair(random);
            Wire.Answer next = step(
                    "Before its end that session stamps the request for the next one, by the same relay",
                    () -> sessionOf(
                            ada,
                            phone.relay(
                                    Phone.turnkeysRequest(
                                            ada.organizationId(), ada.userId(), nextPair.publicKey(), clock),
                                    old)));
            try (LocalStamper renewed =
                    step("The phone opens that one too", () -> phone.open(next.text("credentialBundle"), nextPair))) {
                step(
                        "With it the phone deletes the old key, at Turnkey itself",
                        () -> turnkey.deleteApiKey(
                                        renewed, ada.organizationId(), ada.userId(), first.text("apiKeyId"), clock)
                                .expect(200));
                step("The old session's stamp is refused now, 401; the new one's is good", () -> {
                    turnkey.whoami(old, ada.organizationId()).expect(401);
                    return turnkey.whoami(renewed, ada.organizationId()).expect(200);
                });
            }
        }
    }

    private static Wire.Answer sessionOf(DemoWorld.Customer ada, Wire.Answer turnkeys) throws DidNotHold {
        Wire.Answer session = TurnkeyApi.madeSession(turnkeys);
        session.expectText("organizationId", ada.organizationId());
        session.expectText("userId", ada.userId());
        return session;
    }

    private AdminJob serverSession(DemoWorld world) throws DidNotHold {
        screen.chapter("A server session: kept for the company's own jobs, wrapped by KMS");
        FunctionResource.Schedule schedule = step("The schedule of template.yaml strikes", this::schedule);
        step(
                "Its function has Turnkey make a session for its own admin user, proves it and stores the key wrapped",
                () -> {
                    JsonNode made = answered(keeper().invoke(schedule.input()).get());
                    require(made.path("status").asText().equals("created"), "the first run makes a session");
                    require(
                            made.path("organizationId").asText().equals(world.parentId()),
                            "the session is in the organisation that the template names");
                    return made;
                });
        AdminJob job = step(
                "An admin job finds the secret and the key by the outputs of the deployment",
                () -> new AdminJob(
                        stack.accountOf("NightlyJob"),
                        stack.output("NightlySessionSecretArn"),
                        stack.output("NightlyWrappingKeyArn"),
                        world.parentId(),
                        witness));
        JsonNode version = step("It reads the secret: alone worth nothing, the key in it is wrapped", job::read);
        try (LocalStamper session =
                step("KMS unwraps it, in the context of this session and purpose only", () -> job.unwrap(version))) {
            step(
                    "The job stamps a whoami, and Turnkey knows the admin user by it: " + world.adminUserId(),
                    () -> whoamiOfTheAdmin(session, world));
        }
        return job;
    }

    private void killedInTheMiddle(AdminJob job, DemoWorld world) throws DidNotHold {
        screen.chapter("Killed in the middle, and nothing is lost");
        step("The session's key is thrown out at Turnkey: the job's next stamp is refused, 401", () -> {
            try (LocalStamper session = job.unwrap(job.read())) {
                ApiKey key = onlySessionKey(world);
                stack.turnkey().world().removeApiKey(key.id());
                return turnkey.whoami(session, world.parentId()).expect(401);
            }
        });
        ApiKey made = step(
                "The schedule strikes again; as Turnkey makes the key the process is killed, and the answer is lost",
                () -> {
                    LambdaFunction keeper = keeper();
                    // The moment is a state and not a time: the key is made, and no byte of the answer sent.
                    stack.turnkey()
                            .faults()
                            .next(Endpoint.CREATE_READ_WRITE_SESSION, Fault.resetAfterEffect(keeper::kill));
                    Outcome killed = keeper.invoke(schedule().input()).get().outcome();
                    require(killed instanceof Outcome.Crashed, "the process was killed in the middle");
                    return onlySessionKey(world);
                });
        step("The secret kept the attempt: the private half that can open the lost answer, wrapped by KMS", () -> {
            String secret = stack.output("NightlySessionSecretArn");
            AwsAccount.SecretVersion pending = stack.account().secretVersions(secret).stream()
                    .filter(version -> version.stages().contains("AWSPENDING"))
                    .findFirst()
                    .orElseThrow(() -> new DidNotHold("the secret has nothing at AWSPENDING"));
            JsonNode attempt = Wire.json(stack.account().secretVersion(secret, pending.id()));
            require(attempt.path("state").asText().equals("attempt"), "what is at AWSPENDING is an attempt");
            return attempt;
        });
        step("The next run, in a new process, recovers that very session: one key at Turnkey, not two", () -> {
            JsonNode recovered = answered(keeper().invoke(schedule().input()).get());
            require(recovered.path("status").asText().equals("recovered"), "the run recovers a session");
            require(recovered.path("apiKeyId").asText().equals(made.id()), "it is the session that was made");
            require(onlySessionKey(world).id().equals(made.id()), "there is no other key of it");
            return recovered;
        });
        step("The admin job reads the secret again, and goes on", () -> {
            try (LocalStamper session = job.unwrap(job.read())) {
                return whoamiOfTheAdmin(session, world);
            }
        });
        step("So does the canary, a job in the template with a schedule of its own", () -> {
            FunctionResource canary = scheduled("SessionCanaryFunction");
            JsonNode seen = answered(stack.function(canary.logicalId())
                    .invoke(canary.schedules().getFirst().input())
                    .get());
            require(seen.path("status").asText().equals("usable"), "the canary finds the session usable");
            require(seen.path("apiKeyId").asText().equals(made.id()), "it is the recovered session");
            return seen;
        });
    }

    private Wire.Answer whoamiOfTheAdmin(LocalStamper session, DemoWorld world) throws DidNotHold {
        Wire.Answer who = turnkey.whoami(session, world.parentId()).expect(200);
        who.expectText("organizationId", world.parentId());
        who.expectText("userId", world.adminUserId());
        return who;
    }

    /** Of the keys that Turnkey has of the admin's user the one that expires: there must be one. */
    private ApiKey onlySessionKey(DemoWorld world) throws DidNotHold {
        List<ApiKey> keys = stack.turnkey().world().apiKeys(world.adminUserId()).stream()
                .filter(key -> key.lifetime().isPresent())
                .toList();
        require(keys.size() == 1, "Turnkey has one key of the session and not " + keys.size());
        return keys.getFirst();
    }

    private static JsonNode answered(Invocation invocation) throws DidNotHold {
        JsonNode payload = Wire.json(invocation.outcome().payload());
        if (!(invocation.outcome() instanceof Outcome.Answered)) {
            throw new DidNotHold(
                    "the function failed: " + payload.path("errorMessage").asText());
        }
        return payload;
    }

    private void readOnlySession(Phone phone, DemoWorld.Customer ada) throws DidNotHold {
        screen.chapter("A read-only session: a token for queries in the caller's own sub-organisation");
        String session = step("The phone asks for one; the delegate of Ada's own sub-organisation stamps", () -> {
            Wire.Answer made = phone.askForReadOnlySession().expect(201);
            made.expectText("organizationId", ada.organizationId());
            made.expectText("userId", ada.delegateUserId());
            instant(made, "expiresAt");
            witness.secret("the read-only session", made.text("session").getBytes(StandardCharsets.UTF_8));
            return made.text("session");
        });
        step("With it the users of Ada's wallet can be listed", () -> {
            JsonNode users = turnkey.listUsers(session, ada.organizationId())
                    .expect(200)
                    .body()
                    .path("users");
            require(users.size() == 2, "Ada and the delegate are the two users");
            return users;
        });
        step("A write is refused by Turnkey: 401", () -> {
            try (P256PrivateKey another = P256PrivateKey.generate(random)) {
                return turnkey.createApiKey(session, ada.organizationId(), ada.userId(), another, clock)
                        .expect(401);
            }
        });
    }

    private void refusals(Phone phone, DemoWorld.Customer grace) throws DidNotHold {
        screen.chapter("Three refusals");
        try (P256PrivateKey key = P256PrivateKey.generate(random)) {
            refusal(
                    "Ada's phone asks for a session in Grace's organisation: 403",
                    () -> problem(
                            phone.askForSessionIn(grace.organizationId(), key.publicKey())
                                    .expect(403),
                            "not-yours"));
            refusal(
                    "It sends a key that is no point of the curve: 400",
                    () -> problem(phone.askForSessionWithMalformedKey().expect(400), "invalid-field"));
            refusal("Somebody without a token asks: the gateway itself answers 401", () -> {
                Wire.Answer answer =
                        phone.askForSessionWithoutToken(key.publicKey()).expect(401);
                require(
                        answer.body().toString().equals("{\"message\":\"Unauthorized\"}"),
                        "API Gateway's own answer is the message Unauthorized");
                return answer;
            });
        }
    }

    private static Wire.Answer problem(Wire.Answer answer, String slug) throws DidNotHold {
        require(answer.contentType().startsWith("application/problem+json"), "a refusal is application/problem+json");
        answer.expectText("type", "urn:votis:sessions:problem:" + slug);
        answer.expectText("action", "fix-request");
        return answer;
    }

    private void refusal(String text, Step<Wire.Answer> step) throws DidNotHold {
        Wire.Answer answer = step(text, step);
        screen.quoted(answer.body().toString());
    }

    /** The first of this class: a template may have a block for each of several sessions. */
    private FunctionResource scheduled(String handlerClass) throws DidNotHold {
        return stack.functions().stream()
                .filter(function -> function.handlerClass().equals(handlerClass))
                .filter(function -> !function.schedules().isEmpty())
                .findFirst()
                .orElseThrow(() -> new DidNotHold("not so: the template schedules a " + handlerClass));
    }

    private FunctionResource.Schedule schedule() throws DidNotHold {
        return scheduled(KEEPER).schedules().getFirst();
    }

    /** The running function that keeps the session. */
    private LambdaFunction keeper() throws DidNotHold {
        return stack.function(scheduled(KEEPER).logicalId());
    }

    private <T> T step(String text, Step<T> step) throws DidNotHold {
        Instant begin = clock.instant();
        try {
            T result = step.run();
            screen.held(Duration.between(begin, clock.instant()), text);
            steps++;
            return result;
        } catch (DidNotHold e) {
            screen.broke(Duration.between(begin, clock.instant()), text);
            screen.quoted(Objects.requireNonNullElse(e.getMessage(), ""));
            throw e;
        } catch (TemplateException | ExecutionException e) {
            screen.broke(Duration.between(begin, clock.instant()), text);
            screen.quoted(Objects.requireNonNullElse(e.getMessage(), ""));
            throw new DidNotHold(Objects.requireNonNullElse(e.getMessage(), ""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DidNotHold("interrupted");
        }
    }

    private static Instant instant(Wire.Answer answer, String member) throws DidNotHold {
        try {
            return Instant.parse(answer.text(member));
        } catch (java.time.format.DateTimeParseException e) {
            throw new DidNotHold(member + " is no RFC 3339 time");
        }
    }

    private static void require(boolean holds, String promise) throws DidNotHold {
        if (!holds) {
            throw new DidNotHold("not so: " + promise);
        }
    }
}
