package finance.votis.sessions.runner.lambda;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where Lambda's runtime interface client is on this machine, and how a JVM is started on it. Immutable. */
public final class RuntimeClient {
    private static final String PACKAGE = "com/amazonaws/services/lambda/runtime/";

    /** One class of each jar that the managed runtime has on its own class path. */
    private static final List<String> JARS = List.of(
            PACKAGE + "Context.class",
            PACKAGE + "api/client/AWSLambda.class",
            PACKAGE + "serialization/PojoSerializer.class",
            "software/amazon/awssdk/utilslite/SdkInternalThreadLocal.class");

    private final Path java;
    private final String classPath;
    private final Path nativeLibrary;

    private RuntimeClient(Path java, String classPath, Path nativeLibrary) {
        this.java = java;
        this.classPath = classPath;
        this.nativeLibrary = nativeLibrary;
    }

    /**
     * Finds the client's jars on this process's own class path and unpacks its native library.
     *
     * <p>Left alone, each process unpacks it to {@code /tmp/.libaws-lambda-jni.so}, over the one that another process has mapped.
     *
     * @param folder for the native library; several processes may share it
     * @throws IOException with a sentence, on a system that the client has no native library for
     */
    public static RuntimeClient find(Path folder) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String name : JARS) {
            jars.add(jarOf(name).toString());
        }
        String library = nativeLibrary(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        Path unpacked = folder.resolve(library).toAbsolutePath();
        if (!Files.exists(unpacked)) {
            Files.createDirectories(folder);
            Path own = Files.createTempFile(folder, library, ".new");
            try (InputStream in = RuntimeClient.class.getResourceAsStream("/jni/" + library)) {
                if (in == null) {
                    throw new IOException("Lambda's runtime client has no " + library + " in its jar");
                }
                Files.copy(in, own, StandardCopyOption.REPLACE_EXISTING);
            }
            moveInOneStep(own, unpacked);
        }
        Path java = Path.of(System.getProperty("java.home", ""), "bin", "java");
        return new RuntimeClient(java, String.join(File.pathSeparator, jars), unpacked);
    }

    /** As the managed runtime's command line without a snapshot, but for its AOT cache, which belongs to AWS's own JVM. */
    List<String> command(int memoryMegabytes, String handler) {
        return List.of(
                java.toString(),
                "-XX:MaxHeapSize=" + memoryMegabytes * 1024L * 85 / 100 + "k",
                "-XX:+UseSerialGC",
                "-XX:+TieredCompilation",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:+ErrorFileToStderr",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.net.preferIPv4Stack=true",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=" + nativeLibrary,
                "-classpath",
                classPath,
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                handler);
    }

    static String nativeLibrary(String system, String machine) throws IOException {
        String processor = switch (machine.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch_64";
            default -> "";
        };
        if (!system.toLowerCase(Locale.ROOT).equals("linux") || processor.isEmpty()) {
            throw new IOException("Lambda's runtime client runs on Linux (x86-64 and arm64) only, not on " + system
                    + " " + machine + ": use a Linux machine or container");
        }
        boolean musl = Files.exists(Path.of("/lib/ld-musl-" + machine + ".so.1"))
                || Files.exists(Path.of("/lib/ld-musl-" + processor.replace("_64", "64") + ".so.1"));
        boolean glibc = Files.exists(Path.of("/lib64/ld-linux-x86-64.so.2"))
                || Files.exists(Path.of("/lib/ld-linux-aarch64.so.1"));
        return "libaws-lambda-jni.linux" + (musl && !glibc ? "_musl" : "") + "-" + processor + ".so";
    }

    private static Path jarOf(String className) throws IOException {
        URL url = RuntimeClient.class.getClassLoader().getResource(className);
        if (url == null) {
            throw new IOException("Lambda's runtime client is not on the class path: " + className + " is missing");
        }
        URLConnection connection = url.openConnection();
        if (!(connection instanceof JarURLConnection jar)) {
            throw new IOException(className + " is not in a jar");
        }
        try {
            URI file = jar.getJarFileURL().toURI();
            return Path.of(file);
        } catch (URISyntaxException e) {
            throw new IOException("the jar of " + className + " has no usable path", e);
        }
    }

    private static void moveInOneStep(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException notThere) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
