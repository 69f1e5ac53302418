package finance.votis.sessions.runner.lambda;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where Lambda's runtime interface client is on this machine, and how a JVM is started on it. Immutable. */
public final class RuntimeClient {
    private static final String PACKAGE = "com/amazonaws/services/lambda/runtime/";

    /** One class of each jar that the managed runtime has on its own class path. */
    private static final List<String> JARS = List.of(
            PACKAGE + "Context.class",
            PACKAGE + "api/client/AWSLambda.class",
            PACKAGE + "serialization/PojoSerializer.class",
            "software/amazon/awssdk/utilslite/SdkInternalThreadLocal.class");

    private static final String NATIVE_CLIENT = PACKAGE + "api/client/runtimeapi/NativeClient.class";

    private final Path java;
    private final String classPath;

    /** Options that only this system needs. */
    private final List<String> options;

    private RuntimeClient(String classPath, List<String> options) {
        this.java = Path.of(System.getProperty("java.home", ""), "bin", "java");
        this.classPath = classPath;
        this.options = List.copyOf(options);
    }

    /**
     * Finds the client's jars on this process's own class path and unpacks its native library, or where there is none for this system
     * the class in its place.
     *
     * @param folder for what is unpacked; several processes may share it
     */
    public static RuntimeClient find(Path folder) throws IOException {
        Optional<String> library = nativeLibrary(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        return library.isPresent() ? withLibrary(library.get(), folder) : portable(folder);
    }

    /** Left alone, each process unpacks it to {@code /tmp/.libaws-lambda-jni.so}, over the one that another process has mapped. */
    private static RuntimeClient withLibrary(String library, Path folder) throws IOException {
        Path unpacked = folder.resolve(library).toAbsolutePath();
        unpack(jarUrl("jni/" + library), unpacked);
        return new RuntimeClient(
                jars(),
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=" + unpacked));
    }

    /** Without native code, for systems that Lambda's own client does not run on. */
    static RuntimeClient portable(Path folder) throws IOException {
        Path classes = folder.resolve("portable-runtime-client").toAbsolutePath();
        unpack(ownClass(), classes.resolve(NATIVE_CLIENT));
        return new RuntimeClient(classes + File.pathSeparator + jars(), List.of());
    }

    /** As the managed runtime's command line without a snapshot, but for its AOT cache, which belongs to AWS's own JVM. */
    public List<String> command(int memoryMegabytes, String handler) {
        return command(Start.ON_DEMAND, memoryMegabytes, handler);
    }

    /** The same by the way of starting: before a snapshot AWS leaves the JVM its second compiler, if the function's own options do. */
    public List<String> command(Start start, int memoryMegabytes, String handler) {
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-XX:MaxHeapSize=" + (memoryMegabytes * 1024L * 85 + 50) / 100 + "k",
                "-XX:+UseSerialGC",
                "-XX:+TieredCompilation",
                "-Xshare:auto",
                "-XX:+ErrorFileToStderr",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "-Djava.net.preferIPv4Stack=true",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac"));
        if (start == Start.ON_DEMAND) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(options);
        command.addAll(List.of(
                "-classpath", classPath, "com.amazonaws.services.lambda.runtime.api.client.AWSLambda", handler));
        return List.copyOf(command);
    }

    /** Name of the library in the client's jar; empty if it has none for this system. */
    static Optional<String> nativeLibrary(String system, String machine) {
        String processor = switch (machine.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch_64";
            default -> "";
        };
        if (!system.equalsIgnoreCase("linux") || processor.isEmpty()) {
            return Optional.empty();
        }
        boolean glibc = Files.exists(Path.of("/lib64/ld-linux-x86-64.so.2"))
                || Files.exists(Path.of("/lib/ld-linux-aarch64.so.1"));
        return Optional.of("libaws-lambda-jni.linux" + (glibc ? "" : "_musl") + "-" + processor + ".so");
    }

    private static String jars() throws IOException {
        List<String> jars = new ArrayList<>();
        for (String name : JARS) {
            jars.add(jarOf(jarUrl(name)).toString());
        }
        return String.join(File.pathSeparator, jars);
    }

    private static URL jarUrl(String name) throws IOException {
        URL url = RuntimeClient.class.getClassLoader().getResource(name);
        if (url == null) {
            throw new IOException("Lambda's runtime client is not on the class path: " + name + " is missing");
        }
        return url;
    }

    /** Of the two classes of that name the one that is not in the client's jar. */
    private static URL ownClass() throws IOException {
        Path client = jarOf(jarUrl(PACKAGE + "api/client/AWSLambda.class"));
        for (URL url : Collections.list(RuntimeClient.class.getClassLoader().getResources(NATIVE_CLIENT))) {
            if (!url.getProtocol().equals("jar") || !jarOf(url).equals(client)) {
                return url;
            }
        }
        throw new IOException("the runner's own " + NATIVE_CLIENT + " is missing");
    }

    private static Path jarOf(URL entry) throws IOException {
        URLConnection connection = entry.openConnection();
        if (!(connection instanceof JarURLConnection jar)) {
            throw new IOException(entry + " is not in a jar");
        }
        try {
            return Path.of(jar.getJarFileURL().toURI());
        } catch (URISyntaxException e) {
            throw new IOException("the jar of " + entry + " has no usable path", e);
        }
    }

    /** In one step, so that a process beside this one sees all of it or nothing. */
    private static void unpack(URL from, Path to) throws IOException {
        Path folder = to.getParent();
        if (folder == null || Files.exists(to)) {
            return;
        }
        Files.createDirectories(folder);
        Path own = Files.createTempFile(folder, "new", "");
        try (InputStream in = from.openStream()) {
            Files.copy(in, own, StandardCopyOption.REPLACE_EXISTING);
            Files.move(own, to, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(own);
        }
    }
}
