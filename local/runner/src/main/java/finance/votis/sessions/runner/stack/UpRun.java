package finance.votis.sessions.runner.stack;

import finance.votis.sessions.runner.lambda.LogSink;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stack that tells scripts about itself: its files are there exactly while it runs. One per checkout, held by a lock that ends with
 * the process.
 */
final class UpRun implements AutoCloseable {
    private final Path stackFile;
    private final Path authorizationFile;
    private final Path samVariablesFile;
    private final FileChannel lock;
    private @Nullable RunningStack stack;

    private UpRun(Workspace workspace) throws IOException {
        stackFile = workspace.stackFile();
        authorizationFile = workspace.local().resolve("authorization");
        samVariablesFile = workspace.local().resolve("sam-variables.json");
        Files.createDirectories(workspace.local());
        lock = FileChannel.open(
                workspace.local().resolve("up.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /**
     * Starts and returns when all answers and the files are written.
     *
     * @throws IOException with a sentence
     * @throws finance.votis.sessions.standins.http.PortInUseException naming the port
     */
    static UpRun start(
            Workspace workspace,
            Optional<CompanyKeys> companyKeys,
            Addresses addresses,
            InstantSource clock,
            LogSink logs)
            throws TemplateException, IOException {
        UpRun run = new UpRun(workspace);
        try {
            if (!run.locked()) {
                run.lock.close();
                throw new IOException("another ./dev up runs in this folder: " + run.stackFile
                        + " has its addresses, Ctrl-C in its terminal ends it");
            }
            run.open(workspace, companyKeys, addresses, clock, logs);
        } catch (TemplateException | IOException | RuntimeException e) {
            if (run.lock.isOpen()) {
                run.close();
            }
            throw e;
        }
        return run;
    }

    private boolean locked() throws IOException {
        try {
            FileLock taken = lock.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void open(
            Workspace workspace,
            Optional<CompanyKeys> companyKeys,
            Addresses addresses,
            InstantSource clock,
            LogSink logs)
            throws TemplateException, IOException {
        removeFiles();
        RunningStack started =
                RunningStack.start(Template.read(workspace.template()), companyKeys, addresses, workspace, clock, logs);
        stack = started;
        Map<String, Outcome.InitFailed> failed = started.ready().join();
        if (!failed.isEmpty()) {
            throw new IOException(String.join(", ", failed.keySet()) + " could not start, see its lines above");
        }
        DemoWorld.Customer ada = started.turnkey().demo().first();
        String token = started.token("ada", ada.organizationId(), ada.userId());
        // As curl's -H @file takes it: so the token is in no argument and on no screen.
        StackFile.writePrivate(authorizationFile, "Authorization: Bearer " + token + "\n");
        StackFile.writePrivate(samVariablesFile, StackFile.samVariables(started.functions()));
        StackFile.write(stackFile, started, token);
    }

    RunningStack stack() {
        RunningStack running = stack;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    private void removeFiles() throws IOException {
        Files.deleteIfExists(stackFile);
        Files.deleteIfExists(authorizationFile);
        Files.deleteIfExists(samVariablesFile);
    }

    @Override
    public void close() throws IOException {
        try {
            removeFiles();
        } finally {
            if (stack != null) {
                stack.close();
            }
            lock.close();
        }
    }
}
