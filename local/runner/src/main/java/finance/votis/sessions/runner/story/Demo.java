package finance.votis.sessions.runner.story;

import finance.votis.sessions.runner.lambda.LogSink;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.outsiders.DidNotHold;
import finance.votis.sessions.runner.stack.Addresses;
import finance.votis.sessions.runner.stack.CompanyKeys;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.runner.terminal.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The story on a stack of its own. */
@Command(
        name = "demo",
        description = {
            "Runs template.yaml on free ports of this machine, with stand-ins for Turnkey, AWS and the token issuer,",
            "makes a phone's session in both ways, a server's and a read-only one, uses each, kills the server session's function",
            "in the middle and recovers, and shows three refusals.",
            "%nExit code 0 only if every step held; 1 with the functions' log lines otherwise.%n"
        })
public final class Demo implements Callable<Integer> {
    @Option(
            names = "--company-keys",
            paramLabel = "KIND",
            converter = CompanyKeys.Converter.class,
            description = {
                "Where the company's stamping keys lie: kms (it signs and never shows them) or secret.",
                "Default: as the template's parameters say."
            })
    private @Nullable CompanyKeys companyKeys;

    @Mixin
    private final Terminal terminal = new Terminal();

    Demo() {}

    @Override
    public Integer call() {
        Screen screen = Screen.of(terminal.out());
        try {
            Workspace workspace = Workspace.current();
            return run(
                    Template.read(workspace.template()),
                    Optional.ofNullable(companyKeys),
                    workspace,
                    screen,
                    InstantSource.system(),
                    Witness.NOBODY);
        } catch (TemplateException e) {
            screen.line("The demo cannot start: " + e.getMessage());
            return 1;
        }
    }

    static int run(
            Template template,
            Optional<CompanyKeys> companyKeys,
            Workspace workspace,
            Screen screen,
            InstantSource clock,
            Witness witness) {
        Queue<String> logs = new ConcurrentLinkedQueue<>();
        LogSink sink = (function, line) -> {
            witness.line(function, line);
            logs.add(function + " | " + line);
        };
        Instant begin = clock.instant();
        screen.title("Turnkey sessions, from start to end on this machine");
        boolean held;
        try (RunningStack stack = RunningStack.start(template, companyKeys, Addresses.free(), workspace, clock, sink)) {
            witness.stack(stack);
            held = tell(stack, screen, clock, begin, witness);
        } catch (TemplateException | IOException e) {
            screen.line("The demo cannot start: " + e.getMessage());
            held = false;
        }
        if (!held) {
            if (!logs.isEmpty()) {
                screen.chapter("What the functions wrote");
                logs.forEach(screen::line);
            }
            screen.chapter("The demo did not hold.");
        }
        return held ? 0 : 1;
    }

    private static boolean tell(
            RunningStack stack, Screen screen, InstantSource clock, Instant begin, Witness witness) {
        Map<String, Outcome.InitFailed> failed = stack.ready().join();
        Duration startUp = Duration.between(begin, clock.instant());
        if (!failed.isEmpty()) {
            failed.forEach((function, why) -> screen.broke(startUp, function + " could not start: " + why.payload()));
            return false;
        }
        if (!stack.silenced().isEmpty()) {
            stack.silenced()
                    .forEach((function, why) ->
                            screen.broke(startUp, "Nobody would see what " + function + " writes: " + why));
            return false;
        }
        screen.chapter("The stack of template.yaml");
        screen.held(
                startUp,
                stack.functions().size() + " functions run on Lambda's own runtime client, a process each; the API"
                        + " listens on " + stack.apiUrl());
        screen.quoted("Turnkey " + stack.turnkeyUrl() + ", AWS " + stack.awsUrl() + ", token issuer "
                + stack.issuerUrl() + ": stand-ins, with real cryptography");
        try {
            int steps = Story.tell(stack, screen, clock, witness);
            screen.chapter("Who held which key");
            screen.line("  the phone's keys, its passkey   the phone, and nobody else ever");
            screen.line("  the delegate's key             "
                    + (stack.hasOutput("DelegateCredentialSecretArn")
                            ? "Secrets Manager; two functions read it to stamp"
                            : "KMS, which never shows it; three functions may have it sign"));
            screen.line("  the admin user's key           "
                    + (stack.hasOutput("NightlyAdminCredentialSecretArn")
                            ? "Secrets Manager; the scheduled function alone reads it"
                            : "KMS, which never shows it; the scheduled function alone may have it sign"));
            screen.line("  the server session's key       Secrets Manager, wrapped by KMS; a job needs both");
            screen.chapter("All " + steps + " steps held, in "
                    + Screen.took(Duration.between(begin, clock.instant())).strip() + ".");
            return true;
        } catch (DidNotHold e) {
            return false;
        } catch (TemplateException e) {
            screen.line("The demo cannot be told: " + e.getMessage());
            return false;
        }
    }
}
