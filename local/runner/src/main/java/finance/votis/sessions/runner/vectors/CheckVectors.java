package finance.votis.sessions.runner.vectors;

import finance.votis.sessions.runner.terminal.Terminal;
import finance.votis.sessions.runner.vectors.VectorFile.BrokenFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "check-vectors",
        description = "Runs known answers against the cryptography of this repository.",
        footer = {
            "%nA file's name is its kind: keys.json, stamps.json, bundles.json, hpke.json. Known answers of another kind are named",
            "as not run; other files are ignored.",
            "%nExit codes: 0 all as expected, but for what a file only recommends (\"should\"), which is told; 1 a case differs or",
            "a file is broken; 2 the command line is wrong."
        })
public final class CheckVectors implements Callable<Integer> {

    private static final String ENDING = ".json";

    @Parameters(paramLabel = "DIR", description = "The folder of the files.")
    @SuppressWarnings("NullAway.Init") // required: picocli sets it
    private Path folder;

    @Mixin
    private final Terminal terminal = new Terminal();

    CheckVectors() {}

    @Override
    public Integer call() {
        PrintWriter out = terminal.out();
        PrintWriter err = terminal.err();
        boolean good = checkAll(out, err);
        if (out.checkError()) {
            err.println(terminal.command() + ": the result could not be written");
            good = false;
        }
        err.flush();
        return good ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private boolean checkAll(PrintWriter out, PrintWriter err) {
        try {
            List<Path> files = files();
            int told = 0;
            boolean good = true;
            for (Path file : files) {
                String name = name(file);
                try {
                    Optional<Boolean> asExpected = check(name, file, out);
                    told += asExpected.isPresent() ? 1 : 0;
                    good &= asExpected.orElse(true);
                } catch (BrokenFileException broken) {
                    err.println(terminal.command() + ": " + name + ENDING + ": " + broken.getMessage());
                    told++;
                    good = false;
                }
            }
            if (told == 0) {
                throw new BrokenFileException("the folder holds no file of known answers");
            }
            return good;
        } catch (BrokenFileException broken) {
            err.println(terminal.command() + ": " + broken.getMessage());
            return false;
        }
    }

    private List<Path> files() throws BrokenFileException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException unreadable) {
            throw new BrokenFileException("there is no such folder, or it cannot be read");
        }
        files.sort(null);
        return files;
    }

    private static String name(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - ENDING.length());
    }

    /** Prints the file's lines and tells whether all went well; empty if it is no file of known answers. */
    private static Optional<Boolean> check(String name, Path path, PrintWriter out) throws BrokenFileException {
        Optional<Kind> kind = Kind.named(name);
        if (kind.isEmpty()) {
            if (!VectorFile.hasFormat(path)) {
                return Optional.empty();
            }
            out.println(name + ": not run, a kind that is not known here");
            return Optional.of(true);
        }
        VectorFile file = VectorFile.read(path);
        Map<String, VectorCase> cases = file.cases();
        List<String> lines = new ArrayList<>();
        int asExpected = 0;
        boolean good = true;
        for (Map.Entry<String, VectorCase> entry : cases.entrySet()) {
            VectorCase each = entry.getValue();
            kind.get().check(each);
            each.differences().forEach(difference -> lines.add("  differs: " + entry.getKey() + ": " + difference));
            each.differencesFromRecommendation()
                    .forEach(difference ->
                            lines.add("  differs from a recommendation: " + entry.getKey() + ": " + difference));
            good &= each.differences().isEmpty();
            if (each.differences().isEmpty()
                    && each.differencesFromRecommendation().isEmpty()) {
                asExpected++;
            }
        }
        file.wrongCounts().forEach(wrong -> lines.add("  note: " + wrong));
        out.println(name + ": " + asExpected + " of " + cases.size() + " as expected");
        lines.forEach(out::println);
        return Optional.of(good);
    }
}
