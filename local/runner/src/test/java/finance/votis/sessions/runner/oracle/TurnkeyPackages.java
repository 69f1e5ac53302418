package finance.votis.sessions.runner.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** Turnkey's and AWS's JavaScript packages, installed under {@code target} from the lock file in {@code local/oracle}. */
final class TurnkeyPackages {

    private static final Path SOURCE = Path.of("../oracle");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", ".npmrc", "oracle.mjs");
    private static final int OLDEST_NODE = 20;

    /** How npm names it that the registry cannot be reached: no reason to fail, everything else is. */
    private static final Pattern NO_NETWORK = Pattern.compile(
            "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ENOTCACHED");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;

    private TurnkeyPackages(Path folder) {
        this.folder = folder;
    }

    /** Skips the test, and says why, where there is no Node, no npm or no network. */
    static TurnkeyPackages install() throws Exception {
        Matcher node = Pattern.compile("v(\\d+)\\..*").matcher(versionOf("node"));
        runOnlyIf(node.matches(), "Node is not installed");
        runOnlyIf(Integer.parseInt(node.group(1)) >= OLDEST_NODE, "Node is older than " + OLDEST_NODE);
        runOnlyIf(!versionOf("npm").isEmpty(), "npm is not installed");

        Path folder = Files.createDirectories(Path.of("target/oracle"));
        for (String file : FILES) {
            Files.copy(SOURCE.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        byte[] lock = Files.readAllBytes(folder.resolve("package-lock.json"));
        String wanted =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(lock));
        Path installed = folder.resolve("installed");
        if (!Files.exists(installed) || !Files.readString(installed).equals(wanted)) {
            Path log = folder.resolve("npm.log");
            Process npm = new ProcessBuilder("npm", "ci", "--prefer-offline")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            npm.getOutputStream().close();
            boolean ended = npm.waitFor(5, TimeUnit.MINUTES);
            npm.destroyForcibly();
            String output = Files.readString(log);
            runOnlyIf(ended, "npm did not end within five minutes");
            runOnlyIf(npm.exitValue() == 0 || !NO_NETWORK.matcher(output).find(), "npm cannot reach its registry");
            assertThat(npm.exitValue()).as(output).isZero();
            Files.writeString(installed, wanted);
        }
        return new TurnkeyPackages(folder);
    }

    /** What a script printed. */
    record Printed(int exitCode, String out, String err) {}

    /** Runs a script of the documentation beside the packages, as its reader would. */
    Printed run(Path script, Map<String, String> environment) throws Exception {
        Path copy = Files.copy(
                script, folder.resolve(String.valueOf(script.getFileName())), StandardCopyOption.REPLACE_EXISTING);
        Path err = folder.resolve("script.err");
        ProcessBuilder node = new ProcessBuilder("node", String.valueOf(copy.getFileName()))
                .directory(folder.toFile())
                .redirectError(err.toFile());
        node.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        node.environment().putAll(environment);
        Process process = node.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Printed(process.waitFor(), out.strip(), Files.readString(err));
    }

    private static void runOnlyIf(boolean possible, String otherwise) {
        String message = "the official JavaScript packages were not asked: " + otherwise;
        if (!possible) {
            System.out.println("SKIPPED: " + message);
        }
        Assumptions.assumeTrue(possible, message);
    }

    private static String versionOf(String command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command, "--version").start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return process.waitFor() == 0 ? version : "";
        } catch (IOException notThere) {
            return "";
        }
    }

    static ObjectNode input() {
        return JSON.createObjectNode();
    }

    /** What a step printed: its result, or {@code error} and {@code code}. */
    JsonNode run(String step, ObjectNode input) throws Exception {
        Process process = new ProcessBuilder("node", "oracle.mjs", step)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().write(JSON.writeValueAsBytes(input));
        process.getOutputStream().close();
        byte[] printed = process.getInputStream().readAllBytes();
        int exitCode = process.waitFor();
        JsonNode result = JSON.readTree(printed);
        assertThat(exitCode).as(result.toString()).isEqualTo(result.has("error") ? 1 : 0);
        return result;
    }
}
