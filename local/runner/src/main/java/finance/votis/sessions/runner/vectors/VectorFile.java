package finance.votis.sessions.runner.vectors;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of known answers: an object whose {@code cases} is an array of objects, each with an {@code id} of its own and with
 * {@code valid}. What else it says of itself may be missing.
 */
final class VectorFile {

    /** A file that cannot be read or does not hold together; its message is one line. */
    static final class BrokenFileException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenFileException(String why) {
            super(why);
        }
    }

    private static final int LONGEST = 64 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode root;

    private VectorFile(JsonNode root) {
        this.root = root;
    }

    static VectorFile read(Path file) throws BrokenFileException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new BrokenFileException("longer than " + LONGEST + " bytes");
            }
            JsonNode root = JSON.readTree(bytes);
            if (root.isMissingNode()) {
                throw new BrokenFileException("not JSON");
            }
            return new VectorFile(root);
        } catch (JacksonException repeatsTheInput) {
            throw new BrokenFileException("not JSON");
        } catch (IOException unreadable) {
            throw new BrokenFileException("cannot be read");
        }
    }

    /** Whether this is a file of known answers at all, of whatever kind. */
    static boolean hasFormat(Path file) {
        try {
            return read(file).hasFormat();
        } catch (BrokenFileException _) {
            return false;
        }
    }

    private boolean hasFormat() {
        JsonNode cases = root.path("cases");
        if (!cases.isArray() || cases.isEmpty()) {
            return false;
        }
        for (JsonNode each : cases) {
            if (each.path("id").asText().isEmpty() || !each.path("valid").isBoolean()) {
                return false;
            }
        }
        return true;
    }

    /** In the order of the file. */
    Map<String, VectorCase> cases() throws BrokenFileException {
        JsonNode cases = root.path("cases");
        if (!cases.isArray() || cases.isEmpty()) {
            throw new BrokenFileException("it has no cases");
        }
        Map<String, VectorCase> byId = new LinkedHashMap<>();
        for (JsonNode each : cases) {
            String id = each.path("id").asText();
            if (id.isEmpty()) {
                throw new BrokenFileException("case " + (byId.size() + 1) + " has no id");
            }
            if (byId.put(printable(id), new VectorCase(each)) != null) {
                throw new BrokenFileException("two cases have the id " + printable(id));
            }
        }
        return byId;
    }

    /** What {@code counts} says and is not so: cases that were lost or added since. */
    List<String> wrongCounts() {
        List<String> wrong = new ArrayList<>();
        for (String name : List.of("valid", "invalid")) {
            JsonNode count = root.path("counts").path(name);
            int there = 0;
            for (JsonNode each : root.path("cases")) {
                if (each.path("valid").asBoolean() == name.equals("valid")) {
                    there++;
                }
            }
            if (count.isNumber() && count.intValue() != there) {
                wrong.add("counts says " + count.intValue() + " " + name + " cases, there are " + there);
            }
        }
        return wrong;
    }

    private static String printable(String id) {
        return id.replaceAll("[^\\x21-\\x7e]", "?");
    }
}
