package finance.votis.sessions.benchmarks.crypto;

import finance.votis.sessions.benchmarks.peer.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The classes that a JVM loads for a first stamp and for nothing at all, under the options that Lambda gives. */
final class LoadedClasses {
    private static final Pattern LOADED = Pattern.compile("(\\S+) source: .*");

    /** Where a security provider, or Jackson, would show. */
    private static final Pattern UNWANTED = Pattern.compile(
            "com\\.fasterxml\\.jackson\\..*|java\\.security\\.Provider(?!s?\\$).*|sun\\.security\\.(provider|ec|rsa|ssl|jca)\\..*"
                    + "|com\\.sun\\.crypto\\.provider\\..*|org\\.bouncycastle\\.jc[ae]\\..*");

    private LoadedClasses() {}

    /** Beyond those of the bare start. */
    static Set<String> ofAFirstStamp(Path folder) throws IOException, InterruptedException {
        Set<String> stamp = of(FirstStamp.class, folder);
        stamp.removeAll(of(BareStart.class, folder));
        return stamp;
    }

    static List<String> unwanted(Set<String> classes) {
        return classes.stream().filter(UNWANTED.asMatchPredicate()).toList();
    }

    private static Set<String> of(Class<?> program, Path folder) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "classes", ".log");
        try {
            Command.of(
                            Command.java(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Xshare:auto",
                            "-Xlog:class+load:file=" + log + "::filecount=0",
                            "-cp",
                            System.getProperty("java.class.path", ""),
                            program.getName())
                    .run();
            Set<String> classes = new TreeSet<>();
            for (String line : Files.readAllLines(log)) {
                Matcher loaded = LOADED.matcher(line.substring(line.lastIndexOf("] ") + 2));
                if (loaded.matches()) {
                    // Hidden classes have a number behind them that differs from run to run.
                    classes.add(loaded.group(1).replaceFirst("/0x[0-9a-f]+$", ""));
                }
            }
            return classes;
        } finally {
            Files.deleteIfExists(log);
        }
    }

    static List<String> samples(List<String> names) {
        return new ArrayList<>(names.subList(0, Math.min(3, names.size())));
    }
}
