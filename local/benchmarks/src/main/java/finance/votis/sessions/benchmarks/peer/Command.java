package finance.votis.sessions.benchmarks.peer;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program that runs to its end. */
public record Command(List<String> line, Path folder, String input) {
    public Command {
        line = List.copyOf(line);
    }

    public static Command of(String... line) {
        return new Command(List.of(line), Path.of("").toAbsolutePath(), "");
    }

    /** The JVM that this process runs on. */
    public static String java() {
        return Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
    }

    public Command and(String... more) {
        List<String> all = new ArrayList<>(line);
        all.addAll(List.of(more));
        return new Command(all, folder, input);
    }

    public Command in(Path otherFolder) {
        return new Command(line, otherFolder, input);
    }

    /** On its standard input. */
    public Command with(String text) {
        return new Command(line, folder, text);
    }

    /**
     * What it printed.
     *
     * @throws IOException with a sentence if it cannot be started or does not end well, and what it said of that
     */
    public String run() throws IOException, InterruptedException {
        Path complaints = Files.createTempFile("bench", ".err");
        try {
            return run(complaints);
        } finally {
            Files.delete(complaints);
        }
    }

    private String run(Path complaints) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(folder.toFile()).redirectError(complaints.toFile());
        if (input.isEmpty()) {
            builder.redirectInput(new File("/dev/null"));
        }
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException(line.getFirst() + " cannot be started: it is needed for this part", e);
        }
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException(String.join(" ", line.subList(0, Math.min(2, line.size()))) + " ended with " + exit
                    + "\n" + Files.readString(complaints).strip());
        }
        return printed;
    }
}
