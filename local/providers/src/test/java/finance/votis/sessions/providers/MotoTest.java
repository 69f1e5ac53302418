package finance.votis.sessions.providers;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;

/** moto, which Python people use, in a process of its own. */
class MotoTest extends AwsContract {

    @RegisterExtension
    static final HeldToThePage PAGE = new HeldToThePage(Page.MOTO);

    private static final Pattern LISTENS = Pattern.compile("Running on (http://127\\.0\\.0\\.1:\\d+)");

    private @Nullable Process server;

    @Override
    Account open() throws IOException {
        Optional<Path> moto = onPath("moto_server");
        Skipped.unless(moto.isPresent(), "moto: there is no moto_server on PATH");
        String version = version(moto.orElseThrow());
        Skipped.unless(
                ("moto " + version).equals(Page.MOTO),
                "moto: the one on PATH is " + version + ", and AWS.md tells of " + Page.MOTO);
        server = new ProcessBuilder(moto.get().toString(), "-H", "127.0.0.1", "-p", "0")
                .redirectErrorStream(true)
                .start();
        return Account.at(address(server), "eu-central-1");
    }

    @Override
    void shut() {
        if (server != null) {
            // What is on PATH may be a script that started the server.
            server.descendants().forEach(ProcessHandle::destroy);
            server.destroy();
        }
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** By the Python that lies beside it: the program does not tell. */
    private static String version(Path moto) throws IOException {
        String python = moto.resolveSibling("python3").toString();
        Process asked = new ProcessBuilder(
                        List.of(python, "-c", "from importlib.metadata import version; print(version('moto'))"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader answer = asked.inputReader(StandardCharsets.UTF_8)) {
            return Optional.ofNullable(answer.readLine()).orElse("of no version that it tells");
        }
    }

    /** Waits for the line that says where it listens; what it prints after that is read and dropped, or it would stand still. */
    private static URI address(Process server) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher listens = LISTENS.matcher(line);
            if (listens.find()) {
                Thread.ofVirtual().start(() -> output.lines().forEach(request -> {}));
                return URI.create(listens.group(1));
            }
        }
        throw new IOException("moto_server ended before it listened");
    }
}
