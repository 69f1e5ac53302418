package finance.votis.sessions.runner.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StampCommandsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The key of Turnkey's own tests, and what its TypeScript stamper makes of the body with it. */
    private static final String PRIVATE_KEY = "487f361ddfd73440e707f4daa6775b376859e8a3c9f29b3bb694a12927c0213c";

    private static final String PUBLIC_KEY = "02f739f8c77b32f4d5f13265861febd76e7a9c61a1140d296b8c16302508870316";
    private static final String BODY = "{\"organizationId\":\"00000000-0000-4000-8000-000000000001\"}";
    private static final String STAMP =
            "eyJwdWJsaWNLZXkiOiIwMmY3MzlmOGM3N2IzMmY0ZDVmMTMyNjU4NjFmZWJkNzZlN2E5YzYxYTExNDBkMjk2YjhjMTYzMDI1MDg4NzAzMTYiLCJzY2hlbWUiOiJTSUdOQVRVUkVfU0NIRU1FX1RLX0FQSV9QMjU2Iiwic2lnbmF0dXJlIjoiMzA0NTAyMjA2NTE1MzJlMWU0ODIzZjk5NGMxYzg5OTRmYWM0Mzk2ZGIzMTQyMzIxNjNkOTA3YmU2YWFmOWJjODE1YzVhYzA4MDIyMTAwOGVhMjVhMDliYWIwZTFhNjIyODg1Y2U5ZWJhMzQwNzhjZDdiNjlkM2M0ZGE5ZTJlMmEyYWI3YzA2MjMyOGZjMSJ9";
    private static final String JSON_FORM =
            "{\"publicKey\":\"" + PUBLIC_KEY + "\",\"privateKey\":\"" + PRIVATE_KEY + "\"}";
    private static final String OTHER_PUBLIC_KEY = "02a1d9ee281053cf73c07678d6c1231216e8434f87662b75f08c66882c2f95ee45";

    @TempDir
    private Path folder;

    private static Stream<String> keyFiles() {
        return Stream.of(
                JSON_FORM,
                "\n " + JSON_FORM + "\r\n\n",
                PRIVATE_KEY,
                PRIVATE_KEY + "\n",
                PRIVATE_KEY + ":p256",
                PRIVATE_KEY + ":p256\n");
    }

    @ParameterizedTest
    @MethodSource("keyFiles")
    void stampsABodyFromStandardInputWithTheKeyInEachForm(String keyFile) throws Exception {
        Ran ran = Ran.command(new MakeStamp(in(BODY)), "--key-file", file("key", keyFile));

        assertThat(ran).isEqualTo(new Ran(0, STAMP + "\n", ""));
    }

    @Test
    void stampsABodyFromAFileWithoutTouchingStandardInput() throws Exception {
        Ran ran = Ran.command(
                new MakeStamp(broken()),
                "--key-file",
                file("key", JSON_FORM),
                "--body-file",
                file("body", BODY),
                "--json");

        assertThat(ran.exitCode()).isZero();
        assertThat(JSON.readTree(ran.out()))
                .isEqualTo(JSON.createObjectNode()
                        .put("ok", true)
                        .put("publicKey", PUBLIC_KEY)
                        .put("stamp", STAMP));
    }

    private static Stream<Arguments> brokenKeyFiles() {
        return Stream.of(
                arguments("private-key", ""),
                arguments("private-key", "\n"),
                arguments("private-key", PRIVATE_KEY + "\n\n"),
                arguments("private-key", PRIVATE_KEY + "\r\n"),
                arguments("private-key", " " + PRIVATE_KEY),
                arguments("private-key", PRIVATE_KEY + " "),
                arguments("private-key", PRIVATE_KEY.substring(1)),
                arguments("private-key", "0x" + PRIVATE_KEY),
                arguments("private-key", PUBLIC_KEY),
                arguments("private-key", "é" + PRIVATE_KEY.substring(1)),
                arguments("private-key", "0".repeat(64)),
                arguments("key-file", PRIVATE_KEY + ":"),
                arguments("key-file", PRIVATE_KEY + ":secp256k1"),
                arguments("key-file", PRIVATE_KEY + ":ed25519\n"),
                arguments("key-file", PRIVATE_KEY + ":p256\n\n"),
                arguments("key-file", PRIVATE_KEY + ":P256"),
                arguments("key-file", "{"),
                arguments("key-file", "{}"),
                arguments("key-file", JSON_FORM.replace("privateKey", "privatekey")),
                arguments("key-file", JSON_FORM.replace("}", ",\"privateKey\":\"" + PRIVATE_KEY + "\"}")),
                arguments("key-file", JSON_FORM.replace("}", ",\"more\":1}")),
                arguments("key-file", JSON_FORM + JSON_FORM),
                arguments("key-file", "{\"publicKey\":\"" + PUBLIC_KEY + "\",\"privateKey\":7}"),
                arguments("key-file", "{\"publicKey\":" + PRIVATE_KEY + "}"),
                arguments("public-key", JSON_FORM.replace(PUBLIC_KEY, "04" + PUBLIC_KEY)),
                arguments("private-key", JSON_FORM.replace(PRIVATE_KEY, PRIVATE_KEY + "00")),
                arguments("key-mismatch", JSON_FORM.replace(PUBLIC_KEY, OTHER_PUBLIC_KEY)),
                arguments("too-long", PRIVATE_KEY + "\n".repeat(5000)));
    }

    @ParameterizedTest
    @MethodSource("brokenKeyFiles")
    void saysInOneLineWhatIsWrongWithAKeyFileAndRepeatsNothingOfIt(String rule, String keyFile) throws Exception {
        String file = file("key", keyFile);

        Ran text = Ran.command(new MakeStamp(in(BODY)), "--key-file", file);
        Ran json = Ran.command(new MakeStamp(in(BODY)), "--key-file", file, "--json");

        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.out()).isEmpty();
        assertThat(text.err()).startsWith("stamp: ").hasLineCount(1);
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(JSON.readTree(json.out()).path("rule").textValue()).isEqualTo(rule);
        for (int at = 0; at + 8 <= PRIVATE_KEY.length(); at++) {
            assertThat(text.output() + json.output()).doesNotContain(PRIVATE_KEY.substring(at, at + 8));
        }
    }

    @Test
    void saysThatAFileIsNotThere() {
        Ran ran = Ran.command(
                new MakeStamp(in(BODY)), "--key-file", folder.resolve("none").toString());

        assertThat(ran).isEqualTo(new Ran(1, "", "stamp: the key file: there is no such file\n"));
    }

    @Test
    void readsNoMoreThanItsLimitOfABodyWithoutEnd() throws Exception {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return length;
            }
        };

        Ran ran = Ran.command(new MakeStamp(endless), "--key-file", file("key", JSON_FORM));

        assertThat(ran).isEqualTo(new Ran(1, "", "stamp: the body is longer than 16777216 bytes\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n"})
    void verifiesAStamp(String lineEnd) throws Exception {
        Ran ran = Ran.command(
                new VerifyStamp(in(BODY)), "--stamp-file", file("stamp", STAMP + lineEnd), "--public-key", PUBLIC_KEY);

        assertThat(ran).isEqualTo(new Ran(0, "verifies, signed by " + PUBLIC_KEY + "\n", ""));
    }

    @Test
    void verifiesAgainstTheKeyThatTheStampNamesWhereNoneIsGiven() throws Exception {
        Ran ran = Ran.command(
                new VerifyStamp(broken()),
                "--stamp-file",
                file("stamp", STAMP),
                "--body-file",
                file("body", BODY),
                "--json");

        assertThat(ran).isEqualTo(new Ran(0, "{\"ok\":true,\"publicKey\":\"" + PUBLIC_KEY + "\"}\n", ""));
    }

    private static Stream<Arguments> badStamps() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(utf8(BODY));
        return Stream.of(
                arguments("stamp-does-not-verify", STAMP, BODY.replace("1", "2")),
                arguments("stamp-does-not-verify", STAMP, ""),
                arguments("stamp-line-end", STAMP, BODY + "\n"),
                arguments("stamp-line-end", stamp(utf8(BODY + "\n")), BODY),
                arguments("stamp-hashed-twice", stamp(hash), BODY),
                arguments("stamp-hash-as-text", stamp(utf8(HexFormat.of().formatHex(hash))), BODY),
                arguments("stamp-not-base64url", STAMP + "=", BODY),
                arguments("stamp-not-base64url", STAMP + "\n\n", BODY),
                arguments("stamp-not-base64url", "", BODY),
                arguments("stamp-not-the-json", "AAAA", BODY),
                arguments("too-long", "A".repeat(5000), BODY));
    }

    @ParameterizedTest
    @MethodSource("badStamps")
    void saysWhichRuleAStampBreaks(String rule, String stamp, String body) throws Exception {
        String file = file("stamp", stamp);

        Ran text = Ran.command(new VerifyStamp(in(body)), "--stamp-file", file);
        Ran json = Ran.command(new VerifyStamp(in(body)), "--stamp-file", file, "--json");

        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.err()).startsWith("verify-stamp: ").hasLineCount(1);
        assertThat(json.exitCode()).isEqualTo(1);
        JsonNode printed = JSON.readTree(json.out());
        assertThat(printed.fieldNames()).toIterable().containsExactly("ok", "rule", "message");
        assertThat(printed.path("rule").textValue()).isEqualTo(rule);
    }

    @Test
    void comparesTheKey() throws Exception {
        Ran ran = Ran.command(
                new VerifyStamp(in(BODY)), "--stamp-file", file("stamp", STAMP), "--public-key", OTHER_PUBLIC_KEY);

        assertThat(ran)
                .isEqualTo(new Ran(1, "", "verify-stamp: the stamp names another public key than --public-key\n"));
    }

    @Test
    void agreesWithTheKnownAnswersOnEveryStamp() throws Exception {
        JsonNode cases = JSON.readTree(Path.of("../../shared-crypto/src/test/resources/vectors/stamps.json")
                        .toFile())
                .path("cases");
        int run = 0;
        for (JsonNode each : cases) {
            if (each.has("body") && each.has("stamp")) {
                // What a file says has one line end more than the text.
                String stamp = each.path("stamp").textValue() + "\n";
                Ran ran = Ran.command(
                        new VerifyStamp(in(each.path("body").textValue())),
                        "--stamp-file",
                        file("stamp", stamp),
                        "--public-key",
                        each.path("publicKey").textValue());
                assertThat(ran.exitCode())
                        .as(each.path("id").textValue())
                        .isEqualTo(each.path("valid").booleanValue() ? 0 : 1);
                run++;
            }
        }
        assertThat(run).isEqualTo(cases.size() - 2);
    }

    private static String stamp(byte[] body) throws Exception {
        try (LocalStamper stamper = new LocalStamper(P256PrivateKey.fromHex(PRIVATE_KEY))) {
            return stamper.stamp(body).headerValue();
        }
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(utf8(text));
    }

    private static InputStream broken() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("not to be read");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("not to be read");
            }
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
