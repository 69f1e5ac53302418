package finance.votis.sessions.runner.story;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The heap of a process as bytes. Numbers in a dump are big-endian, so a big integer's words lie there as its bytes do. */
final class MemoryDump {
    private final byte[] heap;

    MemoryDump(byte[] heap) {
        this.heap = heap;
    }

    /** In which forms these bytes are in it: raw, hex, base64, base64url; texts as Java keeps them in strings and in characters. */
    List<String> formsOf(byte[] secret) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("hex", HexFormat.of().formatHex(secret));
        texts.put("upper-case hex", HexFormat.of().withUpperCase().formatHex(secret));
        texts.put("base64", Base64.getEncoder().withoutPadding().encodeToString(secret));
        texts.put("base64url", Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
        List<String> found = new ArrayList<>();
        if (contains(secret)) {
            found.add("raw");
        }
        texts.forEach((form, text) -> {
            if (contains(text.getBytes(StandardCharsets.US_ASCII))) {
                found.add(form);
            }
            if (contains(text.getBytes(StandardCharsets.UTF_16BE))) {
                found.add(form + ", in characters");
            }
        });
        return found;
    }

    private boolean contains(byte[] pattern) {
        int last = heap.length - pattern.length;
        for (int at = 0; at <= last; at++) {
            if (heap[at] == pattern[0] && heap[at + 1] == pattern[1] && isAt(at, pattern)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAt(int at, byte[] pattern) {
        for (int i = 2; i < pattern.length; i++) {
            if (heap[at + i] != pattern[i]) {
                return false;
            }
        }
        return true;
    }
}
