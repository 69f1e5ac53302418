package finance.votis.sessions.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script itself, in a folder with a stand-in for Maven that notes how it was called and leaves the files of a build, and JDKs that
 * print what they are asked to run. No JVM starts.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "./dev is a script for a POSIX shell")
class DevScriptTest {

    private static final Path SCRIPT = Path.of("../../dev");

    private static final String MAVEN = """
            #!/bin/sh
            echo "maven $* on $JAVA_HOME" >>calls
            if [ -e broken ]; then echo "[ERROR] it does not compile"; exit 1; fi
            while [ -e slow ]; do sleep 0.05; done
            mkdir -p functions/target local/runner/target/lib local/runner/target/surefire-reports local/runner/target/site/jacoco
            : >functions/target/functions.zip
            : >functions/target/relay.zip
            : >local/runner/target/runner-1.0.jar
            : >local/runner/target/lib/other.jar
            mkdir -p local/benchmarks/target/lib
            : >local/benchmarks/target/benchmarks-1.0.jar
            : >local/benchmarks/target/lib/other.jar
            [ ! -d reports ] || cp reports/*.xml local/runner/target/surefire-reports/
            [ ! -d reports ] || cp reports/*.csv local/runner/target/site/jacoco/
            [ ! -e failing ]
            """;

    @TempDir
    private Path place;

    private Path root;
    private Path jdks;
    private final Map<String, String> environment = new java.util.TreeMap<>();

    @BeforeEach
    void aRepositoryAndAPathWhoseJavaIs17() throws IOException {
        root = place.resolve("a repository");
        write(root.resolve("pom.xml"), "<project/>");
        write(root.resolve(".mvn/wrapper.properties"), "version");
        write(root.resolve("functions/pom.xml"), "<project/>");
        write(root.resolve("functions/src/main/java/A.java"), "class A {}");
        write(root.resolve("local/pom.xml"), "<project/>");
        script(root.resolve("mvnw"), MAVEN);
        Files.copy(SCRIPT, root.resolve("dev"));
        jdks = place.resolve("all the jdks");
        Files.createDirectories(jdks);
        Path path = place.resolve("path");
        Path seventeen = jdk(place.resolve("seventeen"), "17.0.15");
        Files.createDirectories(path);
        Files.createSymbolicLink(path.resolve("java"), seventeen.resolve("bin/java"));
        environment.put("PATH", path + ":/usr/bin:/bin");
        environment.put("HOME", place.toString());
        environment.put("DEV_JDK_FOLDERS", place.resolve("none") + ":" + jdks);
    }

    @Test
    void findsAJdk25InAFolderWhereJavaIs17AndBuildsAndRunsOnIt() throws Exception {
        jdk(jdks.resolve("21"), "21.0.1");
        jdk(jdks.resolve("25 jre"), "25.0.3");
        Files.delete(jdks.resolve("25 jre/bin/javac"));
        Path found = jdk(jdks.resolve("my 25"), "25.0.3");

        Ran ran = dev("demo", "two words");

        assertThat(ran.exitCode()).isZero();
        assertThat(calls())
                .singleElement()
                .asString()
                .startsWith("maven -B -ntp -pl local/runner -am ")
                .endsWith(" on " + found);
        assertThat(ran.out())
                .startsWith("java 25.0.3 ")
                .contains(" -Dsessions.caller=" + place.toRealPath() + " ")
                .endsWith(" finance.votis.sessions.runner.Dev demo two words\n");
        assertThat(ran.err()).contains("first build in this folder", "downloaded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "25.0.3", "25-ea", "25.0.3+9-LTS"})
    void takesTheJdkOfJavaHomeFirst(String version) throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        Path home = jdk(place.resolve("home"), version);
        environment.put("JAVA_HOME", home.toString());

        assertThat(dev("demo").out()).startsWith("java " + version + " ");
        assertThat(calls()).singleElement().asString().endsWith(" on " + home);
    }

    @ParameterizedTest
    @ValueSource(strings = {"17.0.15", "26", "2.5", "250.0.1", "21.0.25"})
    void passesOverAJavaHomeOfAnotherVersion(String version) throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        environment.put("JAVA_HOME", jdk(place.resolve("home"), version).toString());

        assertThat(dev("demo").out()).startsWith("java 25.0.1 ");
    }

    @Test
    void takesTheJdkBehindTheJavaOnThePath() throws Exception {
        Path twentyFive = jdk(place.resolve("twenty five"), "25.0.2");
        Path path = place.resolve("path");
        Files.delete(path.resolve("java"));
        Files.createSymbolicLink(place.resolve("link"), Path.of("twenty five/bin/java"));
        Files.createSymbolicLink(path.resolve("java"), Path.of("../link"));

        assertThat(dev("demo").out()).startsWith("java 25.0.2 ");
        assertThat(calls()).singleElement().asString().endsWith(" on " + twentyFive.toRealPath());
    }

    @Test
    void asksAJdkWithoutReleaseFile() throws Exception {
        Path home = jdk(jdks.resolve("25"), "25.0.1");
        Files.delete(home.resolve("release"));

        assertThat(dev("demo").exitCode()).isZero();
    }

    @Test
    void saysInOneSentenceWhatToInstallWhereThereIsNoJdk25() throws Exception {
        jdk(jdks.resolve("21"), "21.0.1");

        for (String command : List.of("demo", "test", "keygen")) {
            Ran ran = dev(command);

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err())
                    .startsWith("./dev: no JDK 25 found: install one")
                    .hasLineCount(1);
        }
        assertThat(calls()).isEmpty();
    }

    @Test
    void buildsAgainOnlyIfASourceHasChanged() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        dev("demo");
        dev("demo");
        assertThat(calls()).hasSize(1);

        write(root.resolve("functions/src/main/java/A.java"), "class A { }");
        assertThat(dev("demo").err()).isEqualTo("./dev: building ...\n");
        dev("demo");
        assertThat(calls()).hasSize(2);

        write(root.resolve("functions/src/test/java/ATest.java"), "class ATest {}");
        write(root.resolve("docs/mobile.md"), "text");
        dev("demo");
        assertThat(calls()).hasSize(2);

        Files.delete(root.resolve("functions/src/main/java/A.java"));
        dev("demo");
        assertThat(calls()).hasSize(3);
    }

    @Test
    void runsACopyThatABuildOfSomebodyElseDoesNotTouch() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        Ran first = dev("demo");
        Path kept = kept();
        write(root.resolve("functions/target/functions.zip"), "somebody else's");
        Files.delete(root.resolve("local/runner/target/lib/other.jar"));

        Ran second = dev("demo");

        assertThat(calls()).hasSize(1);
        assertThat(second).isEqualTo(new Ran(0, first.out(), ""));
        assertThat(second.out()).contains(" -Dsessions.zips=" + kept + " -cp " + kept + "/lib/* ");
        assertThat(kept.resolve("functions.zip")).isEmptyFile();
        assertThat(kept.resolve("relay.zip")).isEmptyFile();
        assertThat(kept.resolve("lib")).isDirectoryContaining("glob:**/other.jar");
    }

    @Test
    void theBenchmarksAreAProgramOfTheirOwn() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");

        Ran ran = dev("bench", "crypto", "--rounds", "3");

        assertThat(calls()).singleElement().asString().startsWith("maven -B -ntp -pl local/benchmarks -am ");
        assertThat(ran.out()).endsWith(" finance.votis.sessions.benchmarks.Benchmarks crypto --rounds 3\n");
        dev("demo");
        assertThat(calls()).hasSize(2);
        assertThat(copies()).hasSize(2);
    }

    @Test
    void runsNothingOldAfterABuildThatFailed() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        dev("demo");
        write(root.resolve("functions/src/main/java/A.java"), "class A");
        write(root.resolve("broken"), "");

        Ran ran = dev("demo");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("[ERROR] it does not compile", "./dev: the build failed", "nothing was run");
        Files.delete(root.resolve("broken"));
        assertThat(dev("demo").exitCode()).isZero();
    }

    @Test
    void twoAtOnceMakeOneBuild() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        write(root.resolve("slow"), "");
        Process first = start("demo");
        String building = first.errorReader().readLine() + first.errorReader().readLine();
        Process second = start("demo");
        String waiting = second.errorReader().readLine();
        Files.delete(root.resolve("slow"));

        Ran one = finish(first);
        Ran two = finish(second);

        assertThat(building).contains("building");
        assertThat(waiting).matches("\\./dev: waiting for another \\./dev \\(process " + first.pid() + "\\).*");
        assertThat(List.of(one.exitCode(), two.exitCode())).containsExactly(0, 0);
        assertThat(one.out()).isEqualTo(two.out()).startsWith("java 25.0.1 ");
        assertThat(calls()).hasSize(1);
        assertThat(root.resolve("target/dev/lock")).doesNotExist();
    }

    @Test
    void takesOverTheLockOfAProcessThatIsGone() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.createDirectories(root.resolve("target/dev"));
        Files.createSymbolicLink(root.resolve("target/dev/lock"), Path.of(Long.toString(gone.pid())));

        assertThat(dev("demo").exitCode()).isZero();
        assertThat(Files.isSymbolicLink(root.resolve("target/dev/lock"))).isFalse();
    }

    @Test
    void keepsTheJarsOfAProcessThatStillRuns() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        dev("demo");
        Path used = kept();
        write(used.resolve("users/" + ProcessHandle.current().pid()), "");
        List<Path> unused = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            List<Path> known = copies();
            write(root.resolve("functions/src/main/java/A.java"), "class A" + i);
            dev("demo");
            unused.add(copies().stream()
                    .filter(copy -> !known.contains(copy))
                    .findFirst()
                    .orElseThrow());
        }

        assertThat(used.resolve("lib/runner-1.0.jar")).exists();
        assertThat(unused.getFirst()).doesNotExist();
        assertThat(unused.getLast()).exists();
    }

    @Test
    void testPassesArgumentsToMavenAndAddsUpWhatRan() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        write(root.resolve("local/runner/target/surefire-reports/TEST-old.xml"), suite(100, 0, 0, 0));
        write(root.resolve("reports/TEST-a.xml"), suite(7, 0, 0, 1));
        write(root.resolve("reports/TEST-b.xml"), suite(5, 0, 0, 0));
        write(root.resolve("reports/jacoco.csv"), """
                GROUP,PACKAGE,CLASS,INSTRUCTION_MISSED,INSTRUCTION_COVERED,BRANCH_MISSED,BRANCH_COVERED,LINE_MISSED,LINE_COVERED
                runner,a,A,9,9,9,9,1,2
                runner,a,B,9,9,9,9,0,5
                """);

        Ran ran = dev("test", "-Dx=a b", "-o");

        assertThat(ran.exitCode()).isZero();
        assertThat(calls()).singleElement().asString().startsWith("maven -B -ntp -Dx=a b -o verify on ");
        assertThat(ran.out()).endsWith("\nline coverage of runner: 87.5 % (7 of 8)\n11 passed, 0 failed, 1 skipped\n");
    }

    @Test
    void testFailsWithMavenAndStillAddsUp() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        write(root.resolve("reports/TEST-a.xml"), suite(7, 1, 2, 1));
        write(root.resolve("reports/jacoco.csv"), "GROUP\n");
        write(root.resolve("failing"), "");

        Ran ran = dev("test");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).endsWith("\n3 passed, 3 failed, 1 skipped\n");
        assertThat(copies()).isEmpty();
        assertThat(root.resolve("target/dev/lock")).doesNotExist();
    }

    @Test
    void afterAllTestsNothingIsBuiltAgain() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");

        dev("test");
        dev("demo");

        assertThat(calls()).hasSize(1);
    }

    @Test
    void withoutACommandListsThemAllAndBuildsNothing() throws Exception {
        Ran ran = dev();

        assertThat(ran.exitCode()).isZero();
        Set<String> listed = new TreeSet<>();
        Pattern.compile("^  ([a-z-]+)  ", Pattern.MULTILINE)
                .matcher(ran.out())
                .results()
                .forEach(found -> listed.add(found.group(1)));
        assertThat(listed.remove("test")).isTrue();
        assertThat(listed.remove("bench")).isTrue(); // a program of its own
        Set<String> known = new TreeSet<>(Dev.commandLine().getSubcommands().keySet());
        known.remove("help");
        assertThat(listed).isEqualTo(known);
    }

    @Test
    void testTellsItsUsageAndRunsNothing() throws Exception {
        Ran ran = dev("test", "--help");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).startsWith("Usage: ./dev ");
        assertThat(calls()).isEmpty();
    }

    @Test
    void testFailsWhereNoTestRanUnlessMavenWasToldWhatToRun() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");

        Ran ran = dev("test");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).endsWith("./dev: no test ran\n");
        assertThat(dev("test", "-DskipTests").exitCode()).isZero();
        write(root.resolve("reports/TEST-a.xml"), suite(1, 0, 0, 0));
        write(root.resolve("reports/jacoco.csv"), "GROUP\n");
        assertThat(dev("test").exitCode()).isZero();
    }

    @Test
    void worksThroughLinksToIt() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        Files.createSymbolicLink(place.resolve("first"), Path.of("a repository/dev"));
        Files.createDirectories(place.resolve("bin"));
        Files.createSymbolicLink(place.resolve("bin/dev"), Path.of("../first"));

        Ran ran = finish(start(List.of("/bin/sh", "bin/dev"), "demo"));

        assertThat(ran.exitCode()).isZero();
        assertThat(calls()).hasSize(1);
        assertThat(place.resolve("bin/target")).doesNotExist();
    }

    @Test
    void isNotLedElsewhereByTheSearchPathOfCd() throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        Files.createDirectories(place.resolve("elsewhere/a repository"));
        environment.put("CDPATH", place.resolve("elsewhere").toString());

        Ran ran = finish(start(List.of("/bin/sh", "a repository/dev"), "demo"));

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).startsWith("java 25.0.1 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "mvnw"})
    void saysInOneSentenceThatItIsAloneAndWritesNothing(String missing) throws Exception {
        jdk(jdks.resolve("25"), "25.0.1");
        Files.delete(root.resolve(missing));

        Ran ran = dev("demo");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("./dev: pom.xml or mvnw is not in ").hasLineCount(1);
        assertThat(root.resolve("target")).doesNotExist();
    }

    @Test
    void aRelativeJavaHomeIsOneOfTheCallersFolder() throws Exception {
        Path home = jdk(place.resolve("home"), "25.0.4");
        environment.put("JAVA_HOME", "home");

        assertThat(dev("demo").out()).startsWith("java 25.0.4 ");
        assertThat(calls()).singleElement().asString().endsWith(" on " + home.toRealPath());
    }

    private static String suite(int tests, int failures, int errors, int skipped) {
        return "<?xml version=\"1.0\"?>\n<testsuite name=\"A\" time=\"0.1\" tests=\"" + tests + "\" errors=\"" + errors
                + "\" skipped=\"" + skipped + "\" failures=\"" + failures
                + "\">\n  <properties><property name=\"tests\" value=\"9\"/></properties>\n</testsuite>\n";
    }

    private static Path jdk(Path home, String version) throws IOException {
        script(
                home.resolve("bin/java"),
                "#!/bin/sh\n[ \"$1\" != -version ] || { echo 'openjdk version \"" + version
                        + "\"' >&2; exit; }\necho \"java " + version + " $*\"\n");
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        write(
                home.resolve("release"),
                "IMPLEMENTOR=\"N\"\nJAVA_RUNTIME_VERSION=\"1\"\nJAVA_VERSION=\"" + version + "\"\nLIBC=\"gnu\"\n");
        return home;
    }

    private static void script(Path file, String text) throws IOException {
        write(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<String> calls() throws IOException {
        Path calls = root.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** What is kept of good builds. */
    private List<Path> copies() throws IOException {
        try (Stream<Path> entries = Files.list(root.resolve("target/dev"))) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    private Path kept() throws IOException {
        assertThat(copies()).hasSize(1);
        return copies().getFirst();
    }

    private record Ran(int exitCode, String out, String err) {}

    private Ran dev(String... args) throws Exception {
        return finish(start(args));
    }

    private Process start(String... args) throws IOException {
        return start(List.of(root.resolve("dev").toString()), args);
    }

    /** @param script as it is called in the folder {@code place} */
    private Process start(List<String> script, String... args) throws IOException {
        List<String> command = new ArrayList<>(script);
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(place.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Ran finish(Process process) throws Exception {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        StringBuilder err = new StringBuilder();
        process.errorReader().lines().forEach(line -> err.append(line).append('\n'));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out, err.toString());
    }
}
