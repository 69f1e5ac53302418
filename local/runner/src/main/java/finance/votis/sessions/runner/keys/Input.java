package finance.votis.sessions.runner.keys;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a command reads: a file, or standard input where no file is named, never more than a limit. */
final class Input {

    private Input() {}

    /** @param what names the input in a message, for example "the body" */
    static byte[] bytes(@Nullable Path file, InputStream standardInput, String what, int most)
            throws BrokenRuleException {
        if (file != null) {
            return bytes(file, what, most);
        }
        try {
            return bounded(standardInput, what, most);
        } catch (IOException unreadable) {
            throw new BrokenRuleException("unreadable", what + " cannot be read from standard input");
        }
    }

    static byte[] bytes(Path file, String what, int most) throws BrokenRuleException {
        try (InputStream in = Files.newInputStream(file)) {
            return bounded(in, what, most);
        } catch (NoSuchFileException missing) {
            throw new BrokenRuleException("unreadable", what + ": there is no such file");
        } catch (AccessDeniedException denied) {
            throw new BrokenRuleException("unreadable", what + ": the file may not be read by this user");
        } catch (IOException unreadable) {
            throw new BrokenRuleException("unreadable", what + " cannot be read");
        }
    }

    private static byte[] bounded(InputStream in, String what, int most) throws IOException, BrokenRuleException {
        byte[] read = in.readNBytes(most + 1);
        if (read.length > most) {
            Arrays.fill(read, (byte) 0);
            throw new BrokenRuleException("too-long", what + " is longer than " + most + " bytes");
        }
        return read;
    }

    /** One line of text that is not secret, its line end taken off. */
    static String line(byte[] bytes) {
        // A byte that is not ASCII becomes a character that no format here takes.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
