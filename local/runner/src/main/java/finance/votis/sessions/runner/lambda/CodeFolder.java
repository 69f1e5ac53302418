package finance.votis.sessions.runner.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A function's zip, unpacked as Lambda unpacks it to {@code /var/task}. */
public final class CodeFolder {
    private CodeFolder() {}

    private static final String PREFIX = "code-";

    /** Two zips of each build, and more builds than somebody runs at once; older ones go. */
    private static final int KEPT = 8;

    /**
     * The folder with the zip's content: one per content, made once and then shared, so that a build that comes later changes nothing
     * under a function that runs.
     *
     * @throws IOException with a sentence if there is no such zip or it cannot be unpacked
     */
    public static Path of(Path zip, Path below) throws IOException {
        if (!Files.isRegularFile(zip)) {
            throw new IOException("there is no " + zip + ": build it with ./mvnw package -DskipTests");
        }
        Path folder = below.resolve(PREFIX + hash(zip)).toAbsolutePath();
        if (Files.isDirectory(folder)) {
            Files.setLastModifiedTime(folder, FileTime.fromMillis(System.currentTimeMillis()));
            return folder;
        }
        Files.createDirectories(below);
        Path own = Files.createTempDirectory(below, "unpacking");
        try {
            unpack(zip, own);
            Files.move(own, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException another) {
            // The same content, unpacked by another process meanwhile.
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        } finally {
            delete(own);
        }
        forgetOld(below, folder);
        return folder;
    }

    private static void forgetOld(Path below, Path newest) throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.list(below)) {
            folders = all.filter(path -> path.getFileName().toString().startsWith(PREFIX))
                    .filter(path -> !path.getFileName().equals(newest.getFileName()))
                    .sorted(Comparator.comparing(CodeFolder::lastUsed).reversed())
                    .toList();
        }
        for (Path old : folders.subList(Math.min(KEPT - 1, folders.size()), folders.size())) {
            delete(old);
        }
    }

    private static FileTime lastUsed(Path folder) {
        try {
            return Files.getLastModifiedTime(folder);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    private static void unpack(Path zip, Path to) throws IOException {
        try (InputStream in = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(in)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path target = to.resolve(entry.getName()).normalize();
                if (!target.startsWith(to)) {
                    throw new IOException(zip + " has an entry that leads out of it");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Path parent = target.getParent();
                    if (parent != null) {
                        Files.createDirectories(parent);
                    }
                    Files.copy(entries, target);
                }
            }
        }
    }

    private static String hash(Path zip) throws IOException {
        try (InputStream in = Files.newInputStream(zip)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(sha256.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> inside;
        try (Stream<Path> all = Files.walk(folder)) {
            inside = all.toList();
        }
        for (Path path : inside.reversed()) {
            Files.deleteIfExists(path);
        }
    }
}
