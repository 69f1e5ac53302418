package finance.votis.sessions.runner.keys;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes a file that is made with mode 600: at no time can anybody else open it. */
final class PrivateFile {

    private PrivateFile() {}

    /** Whole or not at all; a file that is there is replaced in one step, or, without {@code replace}, left as it is. */
    static void write(Path file, byte[] content, boolean replace) throws BrokenRuleException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            if (!replace) {
                throw exists();
            }
            // Not a device, a folder or a link to who knows where.
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new BrokenRuleException("not-a-file", "--force replaces a regular file only");
            }
        }
        Path made = replace ? beside(file) : file;
        boolean ours = false;
        boolean done = false;
        try {
            try (FileChannel channel = FileChannel.open(
                    made,
                    Set.of(CREATE_NEW, WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ours = true;
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            if (replace) {
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            }
            done = true;
        } catch (FileAlreadyExistsException other) {
            throw exists();
        } catch (IOException | UnsupportedOperationException failed) {
            throw new BrokenRuleException(
                    "unwritable",
                    "the file cannot be written with mode 600: its folder has to be there and to take it");
        } finally {
            if (ours && !done) {
                remove(made);
            }
        }
    }

    private static Path beside(Path file) {
        return file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            // Mode 600, and the failure itself is told already.
        }
    }

    private static BrokenRuleException exists() {
        return new BrokenRuleException("file-exists", "the file is there already; --force replaces it");
    }
}
