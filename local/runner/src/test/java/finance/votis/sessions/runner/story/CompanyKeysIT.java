package finance.votis.sessions.runner.story;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.outsiders.DidNotHold;
import finance.votis.sessions.runner.stack.Addresses;
import finance.votis.sessions.runner.stack.CompanyKeys;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.Template;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The story with the company's keys in either place, and what a thief of memory finds afterwards in the functions' processes. That the same
 * search finds a key that was read from a secret shows that it would find one.
 */
class CompanyKeysIT {
    @TempDir
    private Path folder;

    @Test
    void aKeyInKmsIsNotInTheMemoryOfAFunctionThatStampsWithIt() throws Exception {
        Map<String, MemoryDump> dumps = new TreeMap<>();
        Map<String, byte[]> keys = new TreeMap<>();

        tell(CompanyKeys.KMS, dumps, keys);

        assertThat(keys).containsOnlyKeys("Delegate", "NightlyAdmin");
        keys.forEach((name, scalar) -> {
            byte[] publicKey = publicKey(scalar);
            for (String function : stampingWith(name)) {
                assertThat(dump(dumps, function).formsOf(publicKey))
                        .as(name + "'s public half in " + function)
                        .isNotEmpty();
            }
            dumps.forEach((function, dump) -> assertThat(dump.formsOf(scalar))
                    .as(name + " in " + function)
                    .isEmpty());
        });
    }

    @Test
    void aKeyInASecretIsThere() throws Exception {
        Map<String, MemoryDump> dumps = new TreeMap<>();
        Map<String, byte[]> keys = new TreeMap<>();

        tell(CompanyKeys.SECRET, dumps, keys);

        assertThat(keys).containsOnlyKeys("Delegate", "NightlyAdmin");
        keys.forEach((name, scalar) -> {
            for (String function : stampingWith(name)) {
                assertThat(dump(dumps, function).formsOf(scalar))
                        .as(name + " in " + function)
                        .isNotEmpty();
            }
        });
    }

    private static String[] stampingWith(String key) {
        return key.equals("Delegate")
                ? new String[] {"ClientSessionFunction", "ReadOnlySessionFunction"}
                : new String[] {"NightlySessionFunction"};
    }

    private static MemoryDump dump(Map<String, MemoryDump> dumps, String function) {
        return Optional.ofNullable(dumps.get(function)).orElseThrow(() -> new AssertionError("no dump of " + function));
    }

    private static byte[] publicKey(byte[] scalar) {
        try (P256PrivateKey key = P256PrivateKey.fromScalar(SecretBytes.takeOver(scalar.clone()))) {
            return key.publicKey().compressed();
        } catch (CryptoException.BadScalar e) {
            throw new AssertionError(e);
        }
    }

    /** The whole story, which has to hold; then a dump of each function's process. */
    private void tell(CompanyKeys companyKeys, Map<String, MemoryDump> dumps, Map<String, byte[]> keys)
            throws Exception {
        StringWriter screen = new StringWriter();
        Queue<String> logs = new ConcurrentLinkedQueue<>();
        try (RunningStack stack = RunningStack.start(
                Template.parse("template.yaml", Checkout.template(), Checkout.root()),
                Optional.of(companyKeys),
                Addresses.free(),
                Checkout.workspace(folder),
                InstantSource.system(),
                (function, line) -> logs.add(function + " | " + line))) {
            assertThat(stack.ready().join()).isEmpty();
            try {
                Story.tell(
                        stack,
                        new Screen(new PrintWriter(screen), false, true),
                        InstantSource.system(),
                        Witness.NOBODY);
            } catch (DidNotHold e) {
                throw new AssertionError(screen + String.join("\n", logs), e);
            }
            keys.putAll(stack.dangerouslyCompanyKeys());
            for (FunctionResource function : stack.functions()) {
                dumps.put(function.logicalId(), dumpOf(function));
            }
        }
    }

    private MemoryDump dumpOf(FunctionResource function) throws IOException, InterruptedException {
        ProcessHandle process = ProcessHandle.current()
                .descendants()
                .filter(one -> one.info()
                        .arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(function.handler()))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process of " + function.logicalId()));
        Path file = folder.resolve(function.logicalId() + ".hprof");
        // -all: garbage too, and no collection before.
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.heap_dump",
                        "-all",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(jcmd.exitValue()).as(said).isZero();
        MemoryDump dump = new MemoryDump(Files.readAllBytes(file));
        Files.delete(file);
        return dump;
    }
}
