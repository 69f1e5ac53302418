package finance.votis.sessions.runner.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KeygenTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    @Test
    void printsOnlyThePublicHalfAndKeepsThePairInAFileThatNobodyElseReads() throws Exception {
        Path file = folder.resolve("a key.json");

        Ran ran = Ran.command(new Keygen(), "--out", file.toString());

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err()).isEmpty();
        JsonNode pair = JSON.readTree(Files.readString(file));
        assertThat(pair.fieldNames()).toIterable().containsExactly("publicKey", "privateKey");
        assertThat(ran.out()).isEqualTo(pair.path("publicKey").textValue() + "\n");
        assertThat(mode(file)).isEqualTo("rw-------");
        try (P256PrivateKey key = P256PrivateKey.fromHex(pair.path("privateKey").textValue())) {
            assertThat(key.publicKey().compressedHex())
                    .isEqualTo(pair.path("publicKey").textValue());
        }
        assertThat(filesIn(folder)).containsExactly(file);
    }

    @Test
    void withoutAFilePrintsThePublicHalfAlone() {
        Ran ran = Ran.command(new Keygen());

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.output()).matches("0[23][0-9a-f]{64}\n");
    }

    @Test
    void aResultThatIsLostIsAFailure() {
        StringWriter err = new StringWriter();

        int exitCode = new CommandLine(new Keygen())
                .setOut(new PrintWriter(new Writer() {
                    @Override
                    public void write(char[] text, int from, int length) throws IOException {
                        throw new IOException("no space left");
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                }))
                .setErr(new PrintWriter(err))
                .execute();

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("keygen: the result could not be written\n");
    }

    @Test
    void makesAnotherPairEachTime() {
        assertThat(Ran.command(new Keygen()).out())
                .isNotEqualTo(Ran.command(new Keygen()).out());
    }

    @Test
    void printsThePublicHalfInBothFormsForScripts() throws Exception {
        Ran ran = Ran.command(new Keygen(), "--json");

        JsonNode printed = JSON.readTree(ran.out());
        assertThat(printed.fieldNames()).toIterable().containsExactly("ok", "publicKey", "publicKeyUncompressed");
        assertThat(printed.path("ok").isBoolean()).isTrue();
        assertThat(printed.path("ok").booleanValue()).isTrue();
        P256PublicKey key =
                P256PublicKey.fromCompressedHex(printed.path("publicKey").textValue());
        assertThat(key.uncompressedHex())
                .isEqualTo(printed.path("publicKeyUncompressed").textValue());
    }

    @Test
    void printsTheUncompressedFormWhereAskedTo() {
        assertThat(Ran.command(new Keygen(), "--uncompressed").out()).matches("04[0-9a-f]{128}\n");
    }

    @Test
    void leavesAFileThatIsThereAsItIs() throws Exception {
        Path file = Files.writeString(folder.resolve("key.json"), "dear to somebody");

        Ran ran = Ran.command(new Keygen(), "--out", file.toString());

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).isEqualTo("keygen: the file is there already; --force replaces it\n");
        assertThat(file).hasContent("dear to somebody");
    }

    @Test
    void replacesAFileByForceAlsoOneThatOthersCouldRead() throws Exception {
        Path file = Files.writeString(folder.resolve("key.json"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        Ran ran = Ran.command(new Keygen(), "--out", file.toString(), "--force");

        assertThat(ran.exitCode()).isZero();
        assertThat(file).content().contains("privateKey");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(filesIn(folder)).containsExactly(file);
    }

    @Test
    void doesNotFollowALinkToAFileOfSomebodyElse() throws Exception {
        Path other = Files.writeString(folder.resolve("other"), "other");
        Path link = Files.createSymbolicLink(folder.resolve("key.json"), other);

        assertThat(Ran.command(new Keygen(), "--out", link.toString()).exitCode())
                .isEqualTo(1);
        assertThat(Ran.command(new Keygen(), "--out", link.toString(), "--force")
                        .exitCode())
                .isEqualTo(1);

        assertThat(other).hasContent("other");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void saysThatItCannotWriteAndPrintsNoKey() {
        Path file = folder.resolve("not there").resolve("key.json");

        Ran ran = Ran.command(new Keygen(), "--out", file.toString(), "--json");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .startsWith("{\"ok\":false,\"rule\":\"unwritable\",\"message\":\"")
                .hasLineCount(1);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
