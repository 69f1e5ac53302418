package finance.votis.sessions.runner.memory;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A search for bytes in memory, in all forms that a program gives them: raw, hex, base64, base64url; texts as Java keeps them in strings and in
 * characters. Numbers in a dump are big-endian, so a big integer's words lie there as its bytes do.
 */
final class Search {

    /** By their first two bytes, at which most places of a memory are passed over. */
    private final Map<Integer, Map<String, byte[]>> patterns = new HashMap<>();

    private final boolean[] begins = new boolean[1 << 16];

    /** Names are told with the form: {@code name, hex}. */
    Search(Map<String, byte[]> wanted) {
        wanted.forEach((name, bytes) -> {
            add(name + ", raw", bytes);
            Map<String, String> texts = Map.of(
                    "hex", HexFormat.of().formatHex(bytes),
                    "upper-case hex", HexFormat.of().withUpperCase().formatHex(bytes),
                    "base64", Base64.getEncoder().withoutPadding().encodeToString(bytes),
                    "base64url", Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            texts.forEach((form, text) -> {
                add(name + ", " + form, text.getBytes(StandardCharsets.US_ASCII));
                add(name + ", " + form + " in characters", text.getBytes(StandardCharsets.UTF_16BE));
            });
        });
    }

    private void add(String name, byte[] pattern) {
        int pair = pair(pattern, 0);
        begins[pair] = true;
        patterns.computeIfAbsent(pair, first -> new HashMap<>()).put(name, pattern);
    }

    /** Which of them are in it. */
    Set<String> in(byte[] memory) {
        Set<String> found = new TreeSet<>();
        for (int at = 0; at < memory.length - 1; at++) {
            int pair = pair(memory, at);
            if (begins[pair]) {
                for (Map.Entry<String, byte[]> pattern :
                        patterns.getOrDefault(pair, Map.of()).entrySet()) {
                    if (isAt(memory, at, pattern.getValue())) {
                        found.add(pattern.getKey());
                    }
                }
            }
        }
        return found;
    }

    private static int pair(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    private static boolean isAt(byte[] memory, int at, byte[] pattern) {
        if (pattern.length > memory.length - at) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (memory[at + i] != pattern[i]) {
                return false;
            }
        }
        return true;
    }
}
