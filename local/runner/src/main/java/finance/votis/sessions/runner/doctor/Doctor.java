package finance.votis.sessions.runner.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.runner.doctor.TurnkeyQueries.Query;
import finance.votis.sessions.runner.keys.BrokenRuleException;
import finance.votis.sessions.runner.keys.KeyFile;
import finance.votis.sessions.runner.keys.KmsPublicKey;
import finance.votis.sessions.runner.stack.LocalTurnkey;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.runner.terminal.Terminal;
import finance.votis.sessions.runner.terminal.WrongValueException;
import finance.votis.sessions.runtime.Waiting;
import finance.votis.sessions.turnkey.OrganizationId;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = {
            "What could this stamping key do at Turnkey if it were stolen? Asks Turnkey and changes nothing.",
            "%nEach finding comes with the request or step that mends it. With ./dev up running it looks there, unless --turnkey is given."
        },
        footer = {
            "%nA key in KMS stamps for functions only, so for --kms-key-id somebody else's key has to ask: name it by --reader-key-file.",
            "A key that comes from another command: --key-file /dev/stdin.",
            "%nWhere Turnkey has no time it asks again for a while. An organisation that could not be looked at is a line, and the next follows.",
            "%n--json: {\"ok\":...,\"checks\":[{\"check\":...,\"organizationId\"?:...,\"ok\":...,\"message\":...,\"remedies\"?:[{\"step\":...} or",
            "{\"stampedBy\":...,\"path\":...,\"body\":...}]}]}; \"looked-at\" is the check of what could not be looked at.",
            "Where it cannot look at all: {\"ok\":false,\"message\":\"<one line>\"}.",
            "%nExit codes: 0 nothing found; 1 something to mend, whatever could not be looked at; 2 nothing to mend where it could look,",
            "but something or all could not be looked at, or the command line is wrong."
        },
        exitCodeOnExecutionException = Doctor.CANNOT_LOOK)
public final class Doctor implements Callable<Integer> {

    private static final URI TURNKEY = URI.create("https://api.turnkey.com");
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");
    static final int CANNOT_LOOK = 2;
    private static final int MOST_PER_SECOND = 50;

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            converter = Role.Converter.class,
            description = {
                "What the key is for: delegate, keeper (SessionsStampedBy with a key of its own), admin (of a server session),",
                "or watch (a user of the parent that only reads)."
            })
    private Role role = Role.DELEGATE;

    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    /** Where the key lies: one of the two. */
    static final class Where {
        @Option(names = "--key-file", paramLabel = "FILE", description = "The key, as ./dev keygen writes it.")
        private @Nullable Path keyFile;

        @Option(
                names = "--kms-key-id",
                paramLabel = "KEY",
                description =
                        "The key in KMS: its id, ARN or alias; of ./dev up its name, for example DelegateSigningKey.")
        private @Nullable String kmsKeyId;
    }

    @Option(
            names = "--reader-key-file",
            paramLabel = "FILE",
            description = "A key of a user of the parent, to ask with in place of the key itself.")
    private @Nullable Path readerKeyFile;

    @Option(
            names = "--parent",
            paramLabel = "ID",
            converter = Uuid.class,
            description = "The parent organisation. Default: that of ./dev up.")
    private @Nullable String parent;

    @Option(
            names = "--organization",
            paramLabel = "ID",
            converter = Uuid.class,
            description = {
                "Where the key is used; may be repeated. Default: the parent for admin and watch; for the others the",
                "sub-organisations of ./dev up."
            })
    private List<String> organizations = new ArrayList<>();

    @Option(names = "--organizations-file", paramLabel = "FILE", description = "More of them, one in a line.")
    private @Nullable Path organizationsFile;

    @Option(
            names = "--session",
            paramLabel = "NAME",
            description = "For admin: the server session's name. Default: nightly")
    private String session = "nightly";

    @Option(
            names = "--turnkey",
            paramLabel = "URL",
            description = "Default: that of ./dev up if it runs, else https://api.turnkey.com")
    private @Nullable URI turnkey;

    @Option(
            names = "--expected-policy",
            paramLabel = "FILE",
            description =
                    "A policy that this user is meant to have besides, in the form of docs/turnkey; may be repeated.")
    private List<Path> expectedPolicies = new ArrayList<>();

    @Option(
            names = "--expected-key",
            paramLabel = "PUBLIC_KEY",
            converter = PublicKey.class,
            description = {
                "Another key that this user is meant to have, while one replaces the other: its public half,",
                "66 hex digits as ./dev keygen and ./dev kms-key print it; may be repeated."
            })
    private List<P256PublicKey> expectedKeys = new ArrayList<>();

    @Option(
            names = "--organization-claim",
            paramLabel = "NAME",
            description = "The parameter OrganizationClaim as deployed. Default: template.yaml's")
    private @Nullable String organizationClaim;

    @Option(
            names = "--user-claim",
            paramLabel = "NAME",
            description = "The parameter UserClaim as deployed. Default: template.yaml's")
    private @Nullable String userClaim;

    @Option(
            names = "--requests-per-second",
            paramLabel = "N",
            description = {
                "How many queries begin in a second, 1 to 50, as Turnkey's plan allows; an organisation takes three.",
                "Default: ${DEFAULT-VALUE}"
            })
    private int perSecond = 1;

    @Option(names = "--json", description = "Print one line of JSON, in the shape shown below.")
    private boolean json;

    @Mixin
    private final Terminal terminal = new Terminal();

    private final Workspace workspace;
    private final InstantSource clock;
    private final Waiting waiting;

    Doctor() {
        this(Workspace.current(), InstantSource.system(), Waiting.asleep());
    }

    Doctor(Workspace workspace, InstantSource clock, Waiting waiting) {
        this.workspace = workspace;
        this.clock = clock;
        this.waiting = waiting;
    }

    /** An id of an organisation. */
    static final class Uuid implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return OrganizationId.parse(text)
                    .orElseThrow(() -> new WrongValueException("takes a UUID"))
                    .value();
        }
    }

    /** A compressed one. */
    static final class PublicKey implements ITypeConverter<P256PublicKey> {
        @Override
        public P256PublicKey convert(String text) {
            try {
                return P256PublicKey.fromCompressedHex(text);
            } catch (CryptoException.MalformedKey e) {
                throw new WrongValueException("takes a public key: " + e.getMessage());
            }
        }
    }

    /** Where to look, all of it known. */
    private record Place(URI turnkey, String parentId, Set<String> organizationIds) {
        boolean isOfTheParent(Role role) {
            return role.isOfTheParent() && organizationIds.contains(parentId);
        }
    }

    /**
     * @param key the one that is looked at
     * @param asks whose stamps the queries have
     */
    private record Keys(P256PublicKey key, LocalStamper asks) implements AutoCloseable {
        boolean asksItself() {
            return asks.publicKey().equals(key);
        }

        @Override
        public void close() {
            asks.close();
        }
    }

    @Override
    public Integer call() {
        try {
            Report report = look(json ? section -> {} : section -> print(terminal.out(), Report.lines(section)));
            print(terminal.out(), json ? List.of(report.json().toString()) : List.of("", report.summary()));
            return report.exitCode();
        } catch (CannotLookException e) {
            return cannot(e.getMessage());
        } catch (BrokenRuleException e) {
            return cannot(e.getMessage());
        } catch (TemplateException | IOException e) {
            return cannot(String.valueOf(e.getMessage()));
        }
    }

    private int cannot(String message) {
        if (json) {
            print(
                    terminal.out(),
                    List.of(JsonNodeFactory.instance
                            .objectNode()
                            .put("ok", false)
                            .put("message", message)
                            .toString()));
        } else {
            print(terminal.err(), List.of(terminal.command() + ": " + message));
        }
        return CANNOT_LOOK;
    }

    private static void print(PrintWriter writer, List<String> lines) {
        lines.forEach(writer::println);
        writer.flush();
    }

    /** @param told of each part as soon as it is known: many organisations take long, and a run may be stopped */
    private Report look(Consumer<List<Check>> told)
            throws CannotLookException, BrokenRuleException, TemplateException, IOException {
        if (perSecond < 1 || perSecond > MOST_PER_SECOND) {
            throw terminal.wrong("--requests-per-second takes 1 to " + MOST_PER_SECOND);
        }
        Optional<LocalTurnkey> local = turnkey == null ? LocalTurnkey.running(workspace) : Optional.empty();
        Place place = place(local);
        OurPolicies ours =
                OurPolicies.read(workspace.root().resolve("docs").resolve("turnkey"), role, expectedPolicies);
        Template template = Template.read(workspace.template());
        List<Check> around = new ArrayList<>(Examination.claims(
                named(organizationClaim, template, "OrganizationClaim"), named(userClaim, template, "UserClaim")));
        List<Check> checks = new ArrayList<>();
        Consumer<List<Check>> known = section -> {
            checks.addAll(section);
            told.accept(section);
        };
        try (Keys keys = keys(local);
                TurnkeyQueries queries = new TurnkeyQueries(place.turnkey(), keys.asks(), clock, waiting, perSecond)) {
            Examination examination = new Examination(
                    role,
                    keys.key(),
                    Set.copyOf(expectedKeys),
                    role == Role.ADMIN ? Optional.of(session) : Optional.empty(),
                    ours);
            if (!place.isOfTheParent(role)) {
                known.accept(List.of(parent(place.parentId(), keys, queries, examination)));
            }
            for (String organizationId : place.organizationIds()) {
                List<Check> section = new ArrayList<>();
                if (place.isOfTheParent(role) && organizationId.equals(place.parentId())) {
                    section.add(Examination.parentKnowsItAsItShould(organizationId));
                }
                section.addAll(organization(organizationId, keys, queries, examination));
                known.accept(section);
            }
            around.addFirst(Examination.clock(queries.clockOff()));
            known.accept(around);
        }
        return new Report(role, List.copyOf(checks));
    }

    private static String named(@Nullable String deployed, Template template, String parameter)
            throws TemplateException {
        return deployed != null
                ? deployed
                : template.parameterDefault(parameter).orElse("");
    }

    private Place place(Optional<LocalTurnkey> local) throws CannotLookException {
        URI url = turnkey != null ? turnkey : local.map(LocalTurnkey::url).orElse(TURNKEY);
        boolean isTls = "https".equals(url.getScheme()) && url.getHost() != null;
        boolean isHere = "http".equals(url.getScheme()) && THIS_MACHINE.contains(String.valueOf(url.getHost()));
        if (!isTls && !isHere) {
            throw terminal.wrong("--turnkey takes a URL of https, or of http on this machine");
        }
        if (!url.getRawPath().matches("/?") || url.getRawQuery() != null) {
            throw terminal.wrong("--turnkey takes a URL without a path");
        }
        String parentId =
                parent != null ? parent : local.map(LocalTurnkey::parentId).orElse("");
        if (parentId.isEmpty()) {
            throw terminal.wrong("--parent names the parent organisation");
        }
        Set<String> ids = new LinkedHashSet<>(organizations);
        if (organizationsFile != null) {
            Set<String> ofFile = ids(organizationsFile);
            if (ofFile.isEmpty()) {
                throw new CannotLookException("--organizations-file names no organisation: it has one UUID in a line");
            }
            ids.addAll(ofFile);
        }
        if (ids.isEmpty() && role.isOfTheParent()) {
            ids.add(parentId);
        } else if (ids.isEmpty()) {
            local.ifPresent(running -> ids.addAll(running.subOrganizationIds()));
        }
        if (ids.isEmpty()) {
            throw terminal.wrong("--organization or --organizations-file names where the key is used");
        }
        if (!role.isOfTheParent() && ids.contains(parentId)) {
            throw terminal.wrong(
                    "--organization and --organizations-file name sub-organisations of a " + role + ", not the parent");
        }
        return new Place(url, parentId, ids);
    }

    private static Set<String> ids(Path file) throws CannotLookException {
        Set<String> ids = new LinkedHashSet<>();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int number = 1; number <= lines.size(); number++) {
                String line = lines.get(number - 1).strip();
                if (!line.isEmpty()) {
                    Optional<OrganizationId> id = OrganizationId.parse(line);
                    if (id.isEmpty()) {
                        throw new CannotLookException("--organizations-file has one UUID in a line and nothing else,"
                                + " and in line " + number + " something else");
                    }
                    ids.add(id.get().value());
                }
            }
        } catch (IOException e) {
            throw new CannotLookException("--organizations-file cannot be read");
        }
        return ids;
    }

    private Keys keys(Optional<LocalTurnkey> local) throws BrokenRuleException, CannotLookException, IOException {
        if (where.kmsKeyId != null) {
            P256PublicKey key = KmsPublicKey.of(workspace, where.kmsKeyId, Optional.empty(), Optional.empty())
                    .publicKey();
            if (readerKeyFile != null) {
                return new Keys(key, stamper("--reader-key-file", readerKeyFile));
            }
            LocalTurnkey running = local.orElseThrow(() -> new CannotLookException(
                    "a key in KMS stamps for functions only: --reader-key-file names one of the parent to ask with"));
            return new Keys(key, new LocalStamper(running.parentKey()));
        }
        LocalStamper own = stamper("--key-file", Objects.requireNonNull(where.keyFile));
        if (readerKeyFile == null) {
            return new Keys(own.publicKey(), own);
        }
        try (own) {
            return new Keys(own.publicKey(), stamper("--reader-key-file", readerKeyFile));
        }
    }

    private static LocalStamper stamper(String option, Path keyFile) throws CannotLookException {
        try {
            return new LocalStamper(KeyFile.read(keyFile));
        } catch (BrokenRuleException e) {
            throw new CannotLookException(option + ": " + e.getMessage());
        }
    }

    private static Check parent(String parentId, Keys keys, TurnkeyQueries queries, Examination examination)
            throws CannotLookException {
        try {
            Optional<JsonNode> users = queries.ask(Query.LIST_USERS, parentId);
            if (users.isEmpty() && keys.asksItself()) {
                return Examination.parentDoesNotKnowIt(parentId);
            }
            return examination.parent(
                    parentId,
                    Seen.users(users.orElseThrow(
                            () -> new CannotLookException("the key of --reader-key-file is no user's of --parent"))));
        } catch (NotLookedAtException e) {
            return Examination.notLookedAt(parentId, e);
        }
    }

    private List<Check> organization(String organizationId, Keys keys, TurnkeyQueries queries, Examination examination)
            throws CannotLookException {
        Seen seen;
        try {
            Optional<JsonNode> users = queries.ask(Query.LIST_USERS, organizationId);
            if (users.isEmpty() && keys.asksItself()) {
                return List.of(Examination.notRegistered(organizationId));
            }
            seen = Seen.of(
                    organizationId,
                    Seen.users(users.orElseThrow(Doctor::noReader)),
                    Seen.policies(
                            queries.ask(Query.LIST_POLICIES, organizationId).orElseThrow(Doctor::noReader)),
                    queries.ask(Query.GET_ORGANIZATION_CONFIGS, organizationId).orElseThrow(Doctor::noReader));
        } catch (NotLookedAtException e) {
            return List.of(Examination.notLookedAt(organizationId, e));
        }
        return examination.organization(seen, clock.instant());
    }

    private static NotLookedAtException noReader() {
        return new NotLookedAtException("the key that asks is no user's of it or its parent");
    }
}
