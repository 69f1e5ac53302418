package finance.votis.sessions.runner.memory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.ObjectArrayInstance;
import org.netbeans.lib.profiler.heap.PrimitiveArrayInstance;

/**
 * What a snapshot may not have kept, as it is found in a dump: numbers drawn, connections, values of a clock. What the JDK and the libraries have
 * of these without harm is named here, each with the reason.
 */
public final class Kept {

    private static final String NATIVE = "sun.security.provider.NativePRNG";

    /** Draws from the system each time. What it has read ahead it throws away after a tenth of a second; a snapshot is older. */
    private static final Set<String> FROM_THE_SYSTEM = Set.of(NATIVE, NATIVE + "$Blocking", NATIVE + "$NonBlocking");

    /** What draws numbers, whoever made it. */
    private static final List<String> GENERATORS = List.of(
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.security.SecureRandomSpi",
            "jdk.internal.util.random.RandomSupport$AbstractSplittableGenerator",
            "org.bouncycastle.crypto.prng.SP800SecureRandom",
            "org.bouncycastle.crypto.prng.X931SecureRandom",
            "org.bouncycastle.crypto.prng.DigestRandomGenerator",
            "org.bouncycastle.crypto.prng.VMPCRandomGenerator");

    private static final List<String> CONNECTIONS = List.of(
            "java.net.SocketImpl",
            "java.net.DatagramSocket",
            "sun.nio.ch.SocketChannelImpl",
            "sun.nio.ch.ServerSocketChannelImpl",
            "sun.nio.ch.DatagramChannelImpl",
            "jdk.internal.net.http.HttpConnection",
            "jdk.internal.net.http.Exchange",
            "sun.net.www.http.KeepAliveEntry",
            "sun.net.www.protocol.https.HttpsClient",
            "sun.security.ssl.SSLEngineImpl",
            "sun.security.ssl.SSLSocketImpl",
            "sun.security.ssl.SSLSessionImpl",
            "sun.security.ssl.TransportContext");

    private static final Map<String, String> HARMLESS_TIMES = Map.ofEntries(
            Map.entry("java.time.Clock.OFFSET_SEED", "what the JDK counts nanoseconds from; it looks anew each time"),
            Map.entry("java.time.Clock.offset", "the same"),
            Map.entry("sun.util.calendar.ZoneInfoFile.CURRT", "until when the JDK's table of time zones reaches"),
            Map.entry("sun.nio.fs.UnixFileAttributes.st_atime_sec", "of the function's jars"),
            Map.entry("sun.nio.fs.UnixFileAttributes.st_birthtime_sec", "the same"),
            Map.entry("sun.nio.fs.UnixFileAttributes.st_ctime_sec", "the same"),
            Map.entry("sun.nio.fs.UnixFileAttributes.st_mtime_sec", "the same"),
            Map.entry("sun.security.provider.NativePRNG$RandomIO.lastRead", "tells that what was read ahead is old"),
            Map.entry("jdk.internal.net.http.common.DebugLogger.START_NANOS", "for debug lines"),
            Map.entry(
                    "jdk.internal.net.http.common.TimeSource$NanoSource.firstNanos",
                    "for the age of pooled connections"),
            Map.entry("java.util.concurrent.TimeUnit.maxNanos", "a limit"),
            Map.entry("java.util.concurrent.TimeUnit.maxMicros", "the same"),
            Map.entry("java.util.concurrent.TimeUnit.maxMillis", "the same"),
            Map.entry("java.util.concurrent.TimeUnit.maxSecs", "the same"),
            Map.entry("finance.votis.sessions.runtime.Rehearsal.EPOCH_SECOND", "the constant itself"));

    /** How far from the run a time may be and count as of it: lives and expiries of an hour. */
    private static final Duration NEAR = Duration.ofHours(1);

    /** How far behind the run a reading of the other clock may be: deadlines, and what the JDK knows of names. */
    private static final Duration SOON = Duration.ofMinutes(1);

    /** Whose numbers may be readings of that clock. Elsewhere in the JDK they are addresses, which look like a machine that runs for a day. */
    private static final Pattern COUNTING =
            Pattern.compile("(?!java|jdk|sun)|java\\.util\\.concurrent\\.|(java|jdk\\.internal|sun)\\.net\\.");

    private static final long NANOS_OF_A_MILLI = 1_000_000;

    private Kept() {}

    /** A span of both clocks of this machine. */
    public record Span(Instant from, Instant to, long fromNano, long toNano) {

        /** From a moment until now. */
        public static Span since(Instant from, long fromNano) {
            return new Span(from, Instant.now(), fromNano, System.nanoTime());
        }
    }

    /**
     * Private keys, symmetric keys and stamps that an object has or, in a dump with the garbage, had: by where they are, of those that are
     * not wiped.
     */
    public static Map<String, byte[]> secrets(HeapDump dump) {
        Map<String, byte[]> secrets = new TreeMap<>();
        Map<String, List<String>> fields = Map.of(
                "sun.security.ec.ECPrivateKeyImpl", List.of("s"),
                "sun.security.ec.XDHPrivateKeyImpl", List.of("k"),
                "sun.security.rsa.RSAPrivateCrtKeyImpl", List.of("d", "p", "q"),
                "javax.crypto.spec.SecretKeySpec", List.of("key"),
                "finance.votis.sessions.crypto.SecretBytes", List.of("bytes"));
        fields.forEach((type, names) -> dump.instances(type)
                .forEach(one -> names.forEach(name -> HeapDump.field(one, name)
                        .map(Kept::value)
                        .filter(Kept::isTellingOfItself)
                        .ifPresent(value -> secrets.put(type + "." + name + " " + secrets.size(), value)))));
        dump.instances("byte[]")
                .map(PrimitiveArrayInstance.class::cast)
                .filter(Kept::isStamp)
                .forEach(stamp -> secrets.put("stamp " + secrets.size(), HeapDump.bytes(stamp)));
        return secrets;
    }

    private static byte[] value(Instance field) {
        if (field instanceof PrimitiveArrayInstance bytes) {
            return HeapDump.bytes(bytes);
        }
        byte[] magnitude = HeapDump.field(field, "mag")
                .map(PrimitiveArrayInstance.class::cast)
                .map(HeapDump::bytes)
                .orElseThrow();
        // Not those that another spelling may leave out.
        int zeros = 0;
        while (magnitude[zeros] == 0) {
            zeros++;
        }
        return Arrays.copyOfRange(magnitude, zeros, magnitude.length);
    }

    /** Neither wiped nor so short or so plain that it could be anything. */
    private static boolean isTellingOfItself(byte[] value) {
        return value.length >= 16
                && HexFormat.of().formatHex(value).chars().distinct().count() > 8;
    }

    /** A string's bytes that begin as base64url of a stamp does, whose first member is its public key. */
    private static boolean isStamp(PrimitiveArrayInstance text) {
        byte[] begin = "eyJwdWJsaWNLZXkiOi".getBytes(StandardCharsets.ISO_8859_1);
        if (text.getLength() < 200 || text.getLength() > 1000) {
            return false;
        }
        List<?> values = text.getValues();
        for (int i = 0; i < begin.length; i++) {
            if (Byte.parseByte((String) values.get(i)) != begin[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Which of a rehearsal's secrets something alive has. Three places of the libraries may, as the keys are worth nothing: the buffers that parsers of
     * JSON use again, which hold what was read last, the SDK's cache of signing keys, which finds one only for the credentials that it was
     * derived from, and the JDK's weak table of what blinds keys of RSA, which a server of the rehearsal signed with.
     */
    public static List<String> secretsKept(HeapDump living, Map<String, byte[]> secrets) {
        Set<Long> allowed = Stream.of(
                        Stream.of("com.fasterxml.jackson", "software.amazon.awssdk.thirdparty.jackson")
                                .flatMap(jackson -> living.instances(jackson + ".core.util.BufferRecycler"))
                                .flatMap(recycler -> Stream.of("_byteBuffers", "_charBuffers")
                                        .flatMap(buffers -> HeapDump.field(recycler, buffers).stream()))
                                .flatMap(buffers -> HeapDump.field(buffers, "array").stream())
                                .flatMap(buffers -> HeapDump.elements((ObjectArrayInstance) buffers)),
                        living.instances("software.amazon.awssdk.http.auth.aws.internal.signer.util.SignerKey")
                                .flatMap(key -> HeapDump.field(key, "signingKey").stream()),
                        living.instances("sun.security.rsa.RSACore$BlindingParameters")
                                .flatMap(blinding -> HeapDump.field(blinding, "d").stream())
                                .flatMap(exponent -> HeapDump.field(exponent, "mag").stream()))
                .flatMap(places -> places)
                .map(Instance::getInstanceId)
                .collect(Collectors.toSet());
        return living.findInArrays(secrets, array -> !allowed.contains(array.getInstanceId()))
                .toList();
    }

    /** Generators that carry numbers of theirs through a snapshot. */
    public static List<String> generators(HeapDump living) {
        List<String> found = new ArrayList<>();
        for (String type : GENERATORS) {
            living.instances(type)
                    .filter(one -> !drawsAnew(living, one))
                    .forEach(one -> found.add(living.describe(one)));
        }
        living.staticField("org.bouncycastle.crypto.CryptoServicesRegistrar", "defaultSecureRandomProvider")
                .flatMap(reference -> HeapDump.field(reference, "value"))
                .ifPresent(provider -> found.add("BouncyCastle's default: " + living.describe(provider)));
        return found;
    }

    private static boolean drawsAnew(HeapDump living, Instance generator) {
        String type = generator.getJavaClass().getName();
        return switch (type) {
            case "java.security.SecureRandom" ->
                HeapDump.field(generator, "secureRandomSpi")
                        .filter(spi ->
                                FROM_THE_SYSTEM.contains(spi.getJavaClass().getName()))
                        .isPresent();
            // What the system gives is mixed into what this one draws.
            case "sun.security.provider.SecureRandom" ->
                living.describe(generator).startsWith(type + " < " + NATIVE + "$RandomIO.mixRandom");
            // Without a state of its own: that of a thread is set when it first draws. The SDK spreads its repeats by
            // it, and the JDK its counters.
            case "java.util.concurrent.ThreadLocalRandom" -> true;
            default -> FROM_THE_SYSTEM.contains(type);
        };
    }

    /**
     * Connections, and sessions of TLS that another could be resumed from.
     *
     * @param runtimeApi port of the one whom the process asks to be let go on
     */
    public static List<String> connections(HeapDump living, int runtimeApi) {
        return CONNECTIONS.stream()
                .flatMap(living::instances)
                .filter(one -> !one.getJavaClass().getName().equals("sun.nio.ch.NioSocketImpl")
                        || !Integer.valueOf(runtimeApi).equals(one.getValueOfField("port")))
                .map(living::describe)
                .toList();
    }

    /**
     * Values of the clock of the day, in any unit down to nanoseconds, in fields of any class, readings of the one that only moves forward, and the
     * time of the rehearsal.
     */
    public static List<String> times(HeapDump living, Span span, Instant rehearsal) {
        return Stream.concat(
                        living.numbers("long"),
                        living.numbers("int").filter(number -> number.field().startsWith("finance.votis.sessions.")))
                .filter(number -> isTime(number, span, rehearsal))
                .filter(number -> !isHarmless(living, number))
                .map(number -> number.field() + " = " + number.value()
                        + number.of().map(one -> ": " + living.describe(one)).orElse(""))
                .toList();
    }

    private static boolean isTime(HeapDump.NumberField number, Span span, Instant rehearsal) {
        long value = number.value();
        return isBetween(value, span.from().minus(NEAR), span.to().plus(NEAR))
                || isBetween(value, rehearsal.minus(NEAR), rehearsal.plus(NEAR))
                || (COUNTING.matcher(number.field()).lookingAt()
                        // Of readings, hardly any is a whole millisecond; of limits nearly all are.
                        && value % NANOS_OF_A_MILLI != 0
                        && value >= span.fromNano()
                        && value <= span.toNano() + SOON.toNanos());
    }

    private static boolean isBetween(long value, Instant from, Instant to) {
        return Stream.of(1L, 1_000L, 1_000_000L, 1_000_000_000L)
                .anyMatch(unit -> value >= from.getEpochSecond() * unit && value <= to.getEpochSecond() * unit);
    }

    private static boolean isHarmless(HeapDump living, HeapDump.NumberField number) {
        return switch (number.field()) {
            // The rehearsal's one name, which is this machine everywhere.
            case "java.net.InetAddress$CachedLookup.expiryTime" ->
                number.of()
                        .flatMap(one -> HeapDump.field(one, "host"))
                        .flatMap(host -> HeapDump.field(host, "value"))
                        .map(PrimitiveArrayInstance.class::cast)
                        .filter(name ->
                                Arrays.equals(HeapDump.bytes(name), "localhost".getBytes(StandardCharsets.US_ASCII)))
                        .isPresent();
            // There is no key yet.
            case "sun.security.ssl.EphemeralKeyManager$EphemeralKeyPair.expirationTime" ->
                number.of()
                        .filter(one -> HeapDump.field(one, "keyPair").isEmpty())
                        .isPresent();
            // Jackson's and the JDK's first calendars, which are cloned and set.
            case "java.util.GregorianCalendar.time" ->
                number.of()
                        .filter(one -> living.describe(one).contains("StdDateFormat.CALENDAR"))
                        .isPresent();
            // As its nanoseconds, and constants of the rehearsals themselves.
            case "java.time.Instant.seconds" ->
                number.of()
                        .map(living::describe)
                        .filter(one -> one.contains("TimeSource$NanoSource.first")
                                || one.matches(
                                        "java\\.time\\.Instant < class [a-z.]+[A-Za-z]*Rehears\\w+\\.[A-Z_]+\\b.*"))
                        .isPresent();
            default -> HARMLESS_TIMES.containsKey(number.field());
        };
    }
}
