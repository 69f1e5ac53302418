package finance.votis.sessions.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Node's side: the scripts of {@code local/benchmarks/node} beside the packages that their lock file names. */
public final class NodePackages {
    private static final int OLDEST = 20;

    private final Path folder;

    private NodePackages(Path folder) {
        this.folder = folder;
    }

    /**
     * Copies the scripts, and has npm install what the lock file names if that is not there yet.
     *
     * @param root of the checkout
     * @throws IOException with a sentence, if Node 20 or npm or its registry is missing
     */
    public static NodePackages install(Path root) throws IOException, InterruptedException {
        String version = Command.of("node", "--version").run().strip();
        if (!version.matches("v\\d+\\..*") || Integer.parseInt(version.substring(1, version.indexOf('.'))) < OLDEST) {
            throw new IOException("the peer needs Node " + OLDEST + " or newer, and this is " + version);
        }
        Path source = root.resolve("local").resolve("benchmarks").resolve("node");
        Path folder =
                Files.createDirectories(root.resolve("target").resolve("bench").resolve("node"));
        Path lock = folder.resolve("package-lock.json");
        Path installed = folder.resolve("installed.json");
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file, folder.resolve(source.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!Files.exists(installed) || Files.mismatch(lock, installed) >= 0) {
            Command.of("npm", "ci", "--prefer-offline").in(folder).run();
            Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
        }
        return new NodePackages(folder);
    }

    /** Where they are. */
    public Path folder() {
        return folder;
    }

    /** Of Node. */
    public String version() throws IOException, InterruptedException {
        return Command.of("node", "--version").run().strip();
    }

    /** What a script prints that is given a text. */
    public String run(String script, String input) throws IOException, InterruptedException {
        return Command.of("node", script).in(folder).with(input).run();
    }

    /**
     * A handler and all that it imports as one small file, as people deploy it.
     *
     * @return the folder of the bundle, with nothing else in it
     */
    public Path bundle(String handler) throws IOException, InterruptedException {
        Path out = Files.createDirectories(folder.resolve("bundles").resolve(handler));
        new Command(
                        List.of(
                                folder.resolve("node_modules/.bin/esbuild").toString(),
                                handler + ".mjs",
                                "--bundle",
                                "--minify",
                                "--platform=node",
                                "--target=node20",
                                "--format=cjs",
                                "--log-level=error",
                                "--outfile=" + out.resolve("index.js")),
                        folder,
                        "")
                .run();
        return out;
    }
}
