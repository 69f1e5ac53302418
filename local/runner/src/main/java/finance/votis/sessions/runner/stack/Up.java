package finance.votis.sessions.runner.stack;

import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.runner.terminal.Terminal;
import finance.votis.sessions.standins.http.PortInUseException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The stack, until Ctrl-C. */
@Command(
        name = "up",
        description = {
            "Runs template.yaml on this machine, with stand-ins for Turnkey, AWS and the token issuer, until Ctrl-C.",
            "%nWhile it runs, target/local/stack.json (mode 600) has all that a script needs to use it.%n"
        })
public final class Up implements Callable<Integer> {
    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Of the API. Default: ${DEFAULT-VALUE}; 0: any free one")
    private int port = 3000;

    @Option(names = "--turnkey-port", paramLabel = "PORT", description = "Of Turnkey. Default: ${DEFAULT-VALUE}")
    private int turnkeyPort = 8080;

    @Option(
            names = "--aws-port",
            paramLabel = "PORT",
            description = "Of Secrets Manager, KMS and CloudWatch Logs. Default: ${DEFAULT-VALUE}")
    private int awsPort = 4566;

    @Option(names = "--issuer-port", paramLabel = "PORT", description = "Of the token issuer. Default: any free one")
    private int issuerPort;

    @Option(
            names = "--company-keys",
            paramLabel = "KIND",
            converter = CompanyKeys.Converter.class,
            description = {
                "Where the company's stamping keys lie: kms (it signs and never shows them) or secret.",
                "Default: as the template's parameters say."
            })
    private @Nullable CompanyKeys companyKeys;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = {
                "Listen on this address of the machine. Default: ${DEFAULT-VALUE}.",
                "0.0.0.0 lets a container in, and anybody else who reaches this machine."
            })
    private String listen = "127.0.0.1";

    @Mixin
    private final Terminal terminal = new Terminal();

    private final Workspace workspace;

    Up() {
        this(Workspace.current());
    }

    Up(Workspace workspace) {
        this.workspace = workspace;
    }

    private record Port(String flag, int number) {}

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = terminal.out();
        PrintWriter err = terminal.err();
        List<Port> ports = List.of(
                new Port("--port", port),
                new Port("--turnkey-port", turnkeyPort),
                new Port("--aws-port", awsPort),
                new Port("--issuer-port", issuerPort));
        InetAddress address = address(ports);
        try {
            UpRun run = UpRun.start(
                    workspace,
                    Optional.ofNullable(companyKeys),
                    new Addresses(
                            new InetSocketAddress(address, port),
                            new InetSocketAddress(address, turnkeyPort),
                            new InetSocketAddress(address, awsPort),
                            new InetSocketAddress(address, issuerPort)),
                    InstantSource.system(),
                    (function, line) -> {
                        out.println(function + " | " + line);
                        out.flush();
                    });
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(run, out)));
            tell(run.stack(), out);
            new CountDownLatch(1).await(); // Ctrl-C ends the process, and the hook all that it began.
            return 0;
        } catch (PortInUseException e) {
            err.println(taken(e, ports));
        } catch (TemplateException | IOException e) {
            err.println(Objects.requireNonNullElse(e.getMessage(), "cannot start"));
        }
        err.flush();
        return 1;
    }

    private InetAddress address(List<Port> ports) {
        for (Port one : ports) {
            if (one.number() < 0 || one.number() > 65_535) {
                throw terminal.wrong(one.flag() + " takes a number from 0 to 65535");
            }
        }
        try {
            return InetAddress.ofLiteral(listen);
        } catch (IllegalArgumentException e) {
            throw terminal.wrong("--listen takes an address such as 127.0.0.1 or 0.0.0.0");
        }
    }

    private static String taken(PortInUseException busy, List<Port> ports) {
        for (Port one : ports) {
            if (one.number() == busy.port()) {
                return "port " + busy.port() + " cannot be listened on, something else may run there: " + one.flag()
                        + " chooses another";
            }
        }
        return Objects.requireNonNullElse(busy.getMessage(), "a port is taken");
    }

    private static void end(UpRun run, PrintWriter out) {
        try {
            run.close();
        } catch (IOException e) {
            out.println("target/local could not be tidied: " + e.getMessage());
        }
        out.println("All has ended.");
        out.flush();
    }

    private static void tell(RunningStack stack, PrintWriter out) {
        String api = stack.apiUrl().toString();
        out.println("""

                The stack of template.yaml runs on this machine. Ctrl-C ends it.

                  API      %s
                  contract %s/docs   to browse; %s/openapi.yaml
                  Turnkey  %s   stand-in
                  AWS      %s   stand-in for Secrets Manager, KMS and CloudWatch Logs
                  issuer   %s   stand-in

                In another terminal, in the same folder:

                  # a read-only session
                  curl -sS -X POST %s/v1/sessions/read-only -H @target/local/authorization

                  # a phone's session: a key pair, its public half posted, the bundle opened
                  ./dev keygen --uncompressed --force --out target/local/phone-key.json > target/local/phone-key.pub
                  curl -sS %s/v1/sessions/read-write -H @target/local/authorization -H 'content-type: application/json' -d "{\\"targetPublicKey\\":\\"$(cat target/local/phone-key.pub)\\"}" > target/local/session.json
                  sed 's/.*"credentialBundle":"\\([^"]*\\)".*/\\1/' target/local/session.json | ./dev open-bundle --key-file target/local/phone-key.json --force --out target/local/session-key.json

                  # the next one, stamped by the phone itself with the session that it has: Turnkey's own request, through the relay
                  ./dev keygen --uncompressed --force --out target/local/phone-key.json > target/local/phone-key.pub
                  organization=$(sed 's/.*"organizationId":"\\([^"]*\\)".*/\\1/' target/local/session.json)
                  echo "{\\"type\\":\\"ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2\\",\\"timestampMs\\":\\"$(date +%%s)000\\",\\"organizationId\\":\\"$organization\\",\\"parameters\\":{\\"targetPublicKey\\":\\"$(cat target/local/phone-key.pub)\\"}}" > target/local/request.json
                  ./dev stamp --key-file target/local/session-key.json --body-file target/local/request.json > target/local/stamp.txt
                  curl -sS %s/v1/relay/submit/create_read_write_session -H @target/local/authorization -H 'content-type: application/json' -H "X-Stamp: $(cat target/local/stamp.txt)" --data-binary @target/local/request.json > target/local/session.json
                  sed 's/.*"credentialBundle":"\\([^"]*\\)".*/\\1/' target/local/session.json | ./dev open-bundle --key-file target/local/phone-key.json --force --out target/local/session-key.json

                  # the server session: its run is killed in the middle, and the next one ends with a good session all the same
                  ./dev invoke NightlySessionFunction --kill-after 300ms

                  # the server session, as its schedule makes it
                  ./dev invoke NightlySessionFunction -e events/server-session.json

                  # an admin job that uses it
                  ./dev invoke NightlyCanaryFunction

                  # the watch: did the delegate's key make a session that no route asked for? What ./dev invoke made is such a one
                  ./dev invoke MintWatchFunction

                What the functions write:
                """.formatted(api, api, api, stack.turnkeyUrl(), stack.awsUrl(), stack.issuerUrl(), api, api, api));
        out.flush();
    }
}
