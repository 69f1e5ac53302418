package finance.votis.sessions.runner.story;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.lambda.Outcome;
import finance.votis.sessions.runner.memory.HeapDump;
import finance.votis.sessions.runner.outsiders.DidNotHold;
import finance.votis.sessions.runner.stack.Addresses;
import finance.votis.sessions.runner.stack.CompanyKeys;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.runner.template.Template;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
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
        Map<String, Set<String>> found = foundAfterTheStory(CompanyKeys.KMS);

        assertThat(found)
                .isNotEmpty()
                .allSatisfy((function, what) ->
                        assertThat(what).as(function).noneMatch(one -> one.startsWith("private half")));
        // Of the key that it stamps with, so that the search is seen to find what is there.
        assertThat(found.get("ClientSessionFunction")).anyMatch(one -> one.startsWith("public half of Delegate"));
        assertThat(found.get("ReadOnlySessionFunction")).anyMatch(one -> one.startsWith("public half of Delegate"));
        assertThat(found.get("NightlySessionFunction")).anyMatch(one -> one.startsWith("public half of NightlyAdmin"));
        assertThat(found.get("MintWatchFunction")).anyMatch(one -> one.startsWith("public half of MintWatch"));
    }

    @Test
    void aKeyInASecretIsThere() throws Exception {
        Map<String, Set<String>> found = foundAfterTheStory(CompanyKeys.SECRET);

        assertThat(found.get("ClientSessionFunction")).anyMatch(one -> one.startsWith("private half of Delegate"));
        assertThat(found.get("ReadOnlySessionFunction")).anyMatch(one -> one.startsWith("private half of Delegate"));
        assertThat(found.get("NightlySessionFunction")).anyMatch(one -> one.startsWith("private half of NightlyAdmin"));
        assertThat(found.get("MintWatchFunction")).anyMatch(one -> one.startsWith("private half of MintWatch"));
        found.forEach((function, what) -> {
            if (!function.equals("MintWatchFunction")) {
                assertThat(what).as(function).noneMatch(one -> one.startsWith("private half of MintWatch"));
            }
        });
    }

    private static byte[] publicKey(byte[] scalar) {
        try (P256PrivateKey key = P256PrivateKey.fromScalar(SecretBytes.takeOver(scalar.clone()))) {
            return key.publicKey().compressed();
        } catch (CryptoException.BadScalar e) {
            throw new AssertionError(e);
        }
    }

    /** Tells the whole story, which has to hold; then what a dump of each function's process has of the company's keys. */
    private Map<String, Set<String>> foundAfterTheStory(CompanyKeys companyKeys) throws Exception {
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
            // No part of the story.
            assertThat(stack.function("MintWatchFunction").invoke("{}").join().outcome())
                    .isInstanceOf(Outcome.Answered.class);
            Map<String, byte[]> wanted = new TreeMap<>();
            stack.dangerouslyCompanyKeys().forEach((name, scalar) -> {
                wanted.put("private half of " + name, scalar);
                wanted.put("public half of " + name, publicKey(scalar));
            });
            assertThat(stack.dangerouslyCompanyKeys()).hasSameSizeAs(placesOfKeys(stack));
            Map<String, Set<String>> found = new TreeMap<>();
            for (FunctionResource function : stack.functions()) {
                found.put(function.logicalId(), dumpOf(function).find(wanted));
            }
            return found;
        }
    }

    /** Where the template says that keys lie which stamp for the company. */
    private static Set<String> placesOfKeys(RunningStack stack) {
        return stack.functions().stream()
                .flatMap(function -> function.environment().entrySet().stream())
                .filter(variable -> variable.getKey().endsWith("_CREDENTIAL"))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
    }

    private HeapDump dumpOf(FunctionResource function) throws IOException, InterruptedException {
        ProcessHandle process = ProcessHandle.current()
                .descendants()
                .filter(one -> one.info()
                        .arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(function.handler()))
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process of " + function.logicalId()));
        return HeapDump.ofAll(process.pid(), folder.resolve(function.logicalId() + ".hprof"));
    }
}
