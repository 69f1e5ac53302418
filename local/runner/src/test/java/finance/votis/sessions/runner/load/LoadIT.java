package finance.votis.sessions.runner.load;

import static org.assertj.core.api.Assertions.assertThat;

import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.runner.Checkout;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.standins.turnkey.World;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Real processes and real resets, few of them. */
class LoadIT {
    private static final String HELD = "the register is as the phones were told: none lost, none doubled";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void nothingIsLostAndNothingDoubledThoughAFifthGoesWrong() throws Exception {
        int exit = load((world, user) -> {}, "--phones", "4", "--requests", "80", "--faults", "20", "--seed", "1");

        assertThat(exit).as(out + "\n" + err).isZero();
        assertThat(out.toString())
                .startsWith("seed 1: 4 phones, ")
                .contains("  80 requests had their answer in ", "answer of ours lost", HELD);
        assertThat(Files.readString(folder.resolve("target/local/load.log"))).contains("ClientSessionFunction | ");
    }

    @Test
    void aSessionThatIsTakenAwayIsFoundLost() throws Exception {
        int exit = load(
                (world, user) -> world.removeApiKey(world.apiKeys(user).stream()
                        .filter(key -> key.lifetime().isPresent())
                        .findFirst()
                        .orElseThrow()
                        .id()),
                "--phones",
                "2",
                "--requests",
                "20",
                "--seed",
                "1");

        assertThat(exit).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("\nseed 1, phone 1: lost: session \\S+ is not in the register")
                .contains("\n  1 things did not hold\n")
                .doesNotContain(HELD);
    }

    @Test
    void aSessionThatNobodyWasToldOfIsFoundDoubled() throws Exception {
        int exit = load(
                (world, user) -> {
                    try (P256PrivateKey key = P256PrivateKey.generate(new SecureRandom())) {
                        world.addSessionKey(user, world.newId(), "another", key.publicKey(), Duration.ofMinutes(15));
                    }
                },
                "--phones",
                "2",
                "--requests",
                "20",
                "--seed",
                "1");

        assertThat(exit).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("\nseed 1, phone 1: doubled: session \\S+ is in the register, and no phone was told");
    }

    @Test
    void wrongNumbersAreAWrongCommandLine() throws Exception {
        for (String[] wrong : List.of(
                new String[] {"--phones", "0"},
                new String[] {"--phones", "65"},
                new String[] {"--requests", "100001"},
                new String[] {"--seconds", "601"},
                new String[] {"--faults", "51"},
                new String[] {"--instances", "9"},
                new String[] {"--seed", "x"})) {
            assertThat(load((world, user) -> {}, wrong))
                    .as(String.join(" ", wrong))
                    .isEqualTo(2);
        }
    }

    private int load(BiConsumer<World, String> beforeTheLook, String... args) throws Exception {
        Workspace workspace = Checkout.workspace(folder);
        return new CommandLine(new Load(workspace, beforeTheLook))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }
}
