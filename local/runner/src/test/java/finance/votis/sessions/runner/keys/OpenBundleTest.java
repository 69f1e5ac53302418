package finance.votis.sessions.runner.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenBundleTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The known answer of Turnkey's TypeScript tests. */
    private static final String TARGET = "20fa65df11f24833790ae283fc9a0c215eecbbc589549767977994dc69d05a56";

    private static final String BUNDLE =
            "w99a5xV6A75TfoAUkZn869fVyDYvgVsKrawMALZXmrauZd8hEv66EkPU1Z42CUaHESQjcA5bqd8dynTGBMLWB9ewtXWPEVbZvocB4Tw2K1vQVp7uwjf";
    private static final String PRIVATE_KEY = "67ee05fc3bdf4161bc70701c221d8d77180294cefcfcea64ba83c4d4c732fcb9";
    private static final String PUBLIC_KEY = "03bf162576eb8dfecf33d9275d09595284f6c4df0db6156c3c582777886a0ee0ac";

    @TempDir
    private Path folder;

    @Test
    void printsOnlyThePublicHalfOfWhatIsInside() throws Exception {
        Ran ran = open(BUNDLE);

        assertThat(ran).isEqualTo(new Ran(0, PUBLIC_KEY + "\n", ""));
    }

    @Test
    void keepsThePairInAFileThatStampsAfterwards() throws Exception {
        Path out = folder.resolve("session.json");

        Ran ran = open(BUNDLE + "\n", "--out", out.toString(), "--json");

        assertThat(ran).isEqualTo(new Ran(0, "{\"ok\":true,\"publicKey\":\"" + PUBLIC_KEY + "\"}\n", ""));
        assertThat(JSON.readTree(out.toFile()).path("privateKey").textValue()).isEqualTo(PRIVATE_KEY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rw-------");
        assertThat(Ran.command(new MakeStamp(new ByteArrayInputStream(new byte[0])), "--key-file", out.toString())
                        .exitCode())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "wjf, wjg, bundle-checksum",
        "w99a, w99, bundle-checksum",
        "w99a, '', bundle-checksum",
        "w99a, ' w99a', bundle-not-base58",
        "w99a, w99a11111, bundle-length",
    })
    void saysWhichRuleABundleBreaks(String part, String replacement, String rule) throws Exception {
        Ran ran = open(BUNDLE.replace(part, replacement), "--json");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(JSON.readTree(ran.out()).path("rule").textValue()).isEqualTo(rule);
    }

    @Test
    void doesNotTellWhyABundleDoesNotOpen() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), PRIVATE_KEY);

        Ran ran = Ran.command(new OpenBundle(in(BUNDLE)), "--key-file", key.toString());

        assertThat(ran).isEqualTo(new Ran(1, "", "open-bundle: does not open with this key\n"));
    }

    @Test
    void writesNothingWhereNothingOpens() throws Exception {
        Path out = folder.resolve("session.json");

        assertThat(open(BUNDLE.substring(1), "--out", out.toString()).exitCode())
                .isEqualTo(1);
        assertThat(out).doesNotExist();
    }

    @Test
    void agreesWithTheKnownAnswersOnEveryBundleAndPrintsNoPrivateKey() throws Exception {
        for (JsonNode each : JSON.readTree(Path.of("../../shared-crypto/src/test/resources/vectors/bundles.json")
                        .toFile())
                .path("cases")) {
            Path key = Files.writeString(
                    folder.resolve("key"), each.path("recipientPrivateKey").textValue());
            String bundle = each.has("bundle")
                    ? each.path("bundle").textValue()
                    : each.path("bundleRepeat")
                            .path("unit")
                            .textValue()
                            .repeat(each.path("bundleRepeat").path("count").intValue());
            // A case may end in a line end, which would be taken as the one of the file.
            Ran ran = Ran.command(new OpenBundle(in(bundle + "\n")), "--key-file", key.toString());

            String id = each.path("id").textValue();
            if (each.path("valid").booleanValue()) {
                assertThat(ran)
                        .as(id)
                        .isEqualTo(new Ran(0, each.path("publicKey").textValue() + "\n", ""));
                assertThat(ran.output()).doesNotContain(each.path("privateKey").textValue());
            } else {
                assertThat(ran.exitCode()).as(id).isEqualTo(1);
                assertThat(ran.out()).as(id).isEmpty();
                assertThat(ran.err()).as(id).hasLineCount(1);
            }
        }
    }

    private Ran open(String bundle, String... more) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), TARGET);
        String[] args = new String[more.length + 2];
        args[0] = "--key-file";
        args[1] = key.toString();
        System.arraycopy(more, 0, args, 2, more.length);
        return Ran.command(new OpenBundle(in(bundle)), args);
    }

    private static ByteArrayInputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
