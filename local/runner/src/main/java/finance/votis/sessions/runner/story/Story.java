package finance.votis.sessions.runner.story;

import com.fasterxml.jackson.databind.JsonNode;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.TargetKeyPair;
import finance.votis.sessions.runner.lambda.Invocation;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.outsiders.AdminJob;
import finance.votis.sessions.runner.outsiders.DidNotHold;
import finance.votis.sessions.runner.outsiders.Phone;
import finance.votis.sessions.runner.outsiders.TurnkeyApi;
import finance.votis.sessions.runner.outsiders.Wire;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/** Three kinds of session on a running stack, each proved by using it, then three refusals. Told once, by one thread. */
final class Story {
    /** What one step does; what it returns is told. */
    private interface Step<T> {
        T run() throws DidNotHold, TemplateException, InterruptedException, ExecutionException;
    }

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
        serverSession(world);
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

    private void serverSession(DemoWorld world) throws DidNotHold {
        screen.chapter("A server session: kept for the company's own jobs, wrapped by KMS");
        FunctionResource.Schedule schedule = step(
                "The schedule of template.yaml strikes",
                () -> scheduled().schedules().getFirst());
        step(
                "Its function has Turnkey make a session for its own admin user, proves it and stores the key wrapped",
                () -> {
                    Invocation invocation = stack.function(scheduled().logicalId())
                            .invoke(schedule.input())
                            .get();
                    if (!(invocation.outcome() instanceof Outcome.Answered(String payload))) {
                        throw new DidNotHold("the function failed: "
                                + Wire.json(invocation.outcome().payload())
                                        .path("errorMessage")
                                        .asText());
                    }
                    JsonNode made = Wire.json(payload);
                    require(made.path("status").asText().equals("created"), "the first run makes a session");
                    require(
                            made.path("organizationId").asText().equals(world.parentId()),
                            "the session is in the organisation that the template names");
                    return made;
                });
        AdminJob job = step(
                "An admin job finds the secret and the key by the outputs of the deployment",
                () -> new AdminJob(
                        stack.account(),
                        stack.output("NightlySessionSecretArn"),
                        stack.output("NightlyWrappingKeyArn"),
                        world.parentId(),
                        witness));
        JsonNode version = step("It reads the secret: alone worth nothing, the key in it is wrapped", job::read);
        try (LocalStamper session =
                step("KMS unwraps it, in the context of this session and purpose only", () -> job.unwrap(version))) {
            step("The job stamps a whoami, and Turnkey knows the admin user by it: " + world.adminUserId(), () -> {
                Wire.Answer who = turnkey.whoami(session, world.parentId()).expect(200);
                who.expectText("organizationId", world.parentId());
                who.expectText("userId", world.adminUserId());
                return who;
            });
        }
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

    private FunctionResource scheduled() throws DidNotHold {
        return stack.functions().stream()
                .filter(function -> function.handlerClass().equals("ServerSessionFunction"))
                .filter(function -> !function.schedules().isEmpty())
                .findFirst()
                .orElseThrow(() -> new DidNotHold("not so: the template schedules a function that keeps a session"));
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
