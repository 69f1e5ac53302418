package finance.votis.sessions.runner.story;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The heap of a process as bytes. Numbers in a dump are big-endian, so a big integer's words lie there as its bytes do. */
final class MemoryDump {
    private final byte[] heap;

    MemoryDump(byte[] heap) {
        this.heap = heap;
    }

    /** Which of these are in it, as {@code name, form}: raw, hex, base64, base64url; texts as Java keeps them in strings and in characters. */
    Set<String> find(Map<String, byte[]> wanted) {
        Map<String, byte[]> patterns = new LinkedHashMap<>();
        wanted.forEach((name, bytes) -> {
            patterns.put(name + ", raw", bytes);
            Map<String, String> texts = Map.of(
                    "hex", HexFormat.of().formatHex(bytes),
                    "upper-case hex", HexFormat.of().withUpperCase().formatHex(bytes),
                    "base64", Base64.getEncoder().withoutPadding().encodeToString(bytes),
                    "base64url", Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            texts.forEach((form, text) -> {
                patterns.put(name + ", " + form, text.getBytes(StandardCharsets.US_ASCII));
                patterns.put(name + ", " + form + " in characters", text.getBytes(StandardCharsets.UTF_16BE));
            });
        });
        return among(patterns);
    }

    /** Once through the heap, since it is large: most places are told apart by their first two bytes. */
    private Set<String> among(Map<String, byte[]> patterns) {
        boolean[] begins = new boolean[1 << 16];
        patterns.values().forEach(pattern -> begins[pair(pattern, 0)] = true);
        Set<String> found = new TreeSet<>();
        for (int at = 0; at < heap.length - 1; at++) {
            if (begins[pair(heap, at)]) {
                for (Map.Entry<String, byte[]> pattern : patterns.entrySet()) {
                    if (isAt(at, pattern.getValue())) {
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

    private boolean isAt(int at, byte[] pattern) {
        if (pattern.length > heap.length - at) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (heap[at + i] != pattern[i]) {
                return false;
            }
        }
        return true;
    }
}
