package finance.votis.sessions.runner.outsiders;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Looks for secrets in a text: as they are, in hex, base64, base64url, base58. Thread-safe. */
public final class Leaks {
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /** By name; more than one may have the same. */
    private final Map<String, List<byte[]>> secrets = new LinkedHashMap<>();

    /** Takes a secret of 16 bytes at least. */
    public synchronized void add(String name, byte[] secret) {
        if (secret.length < 16) {
            throw new IllegalArgumentException(name + " is too short to be told from chance");
        }
        secrets.computeIfAbsent(name, first -> new ArrayList<>()).add(secret.clone());
    }

    public void addText(String name, String secret) {
        add(name, secret.getBytes(StandardCharsets.UTF_8));
    }

    public void addHex(String name, String hex) {
        add(name, HexFormat.of().parseHex(hex));
    }

    public synchronized List<String> names() {
        return List.copyOf(secrets.keySet());
    }

    /** What of all that was added is in the output, by name and form. */
    public synchronized List<String> in(String output) {
        String bytes = new String(output.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String lower = bytes.toLowerCase(Locale.ROOT);
        List<String> found = new ArrayList<>();
        secrets.forEach((name, all) -> all.forEach(secret -> {
            look(bytes, new String(secret, StandardCharsets.ISO_8859_1), name + ", raw", found);
            look(lower, HexFormat.of().formatHex(secret), name + ", hex", found);
            look(bytes, Base64.getEncoder().withoutPadding().encodeToString(secret), name + ", base64", found);
            look(bytes, Base64.getUrlEncoder().withoutPadding().encodeToString(secret), name + ", base64url", found);
            look(bytes, base58(secret), name + ", base58", found);
        }));
        return found;
    }

    private static void look(String where, String what, String name, List<String> found) {
        if (where.contains(what)) {
            found.add(name);
        }
    }

    static String base58(byte[] bytes) {
        StringBuilder digits = new StringBuilder();
        BigInteger rest = new BigInteger(1, bytes);
        while (rest.signum() > 0) {
            BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(58));
            digits.append(BASE58.charAt(parts[1].intValue()));
            rest = parts[0];
        }
        for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
            digits.append('1');
        }
        return digits.reverse().toString();
    }
}
