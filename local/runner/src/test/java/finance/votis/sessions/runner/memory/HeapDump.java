package finance.votis.sessions.runner.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.netbeans.lib.profiler.heap.Field;
import org.netbeans.lib.profiler.heap.FieldValue;
import org.netbeans.lib.profiler.heap.Heap;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.ObjectArrayInstance;
import org.netbeans.lib.profiler.heap.ObjectFieldValue;
import org.netbeans.lib.profiler.heap.PrimitiveArrayInstance;

/** The heap of a JVM as it wrote it itself, as bytes and as objects. */
public final class HeapDump {

    /** Long enough to see whose it is. */
    private static final int HOLDERS = 8;

    private final byte[] bytes;
    private final Heap heap;

    private HeapDump(byte[] bytes, Heap heap) {
        this.bytes = bytes;
        this.heap = heap;
    }

    /**
     * Of what can still be reached: the JVM collects its garbage first. It did so once before, since the JDK's keys are wiped after they were
     * found to be garbage, and until then they count as alive.
     */
    public static HeapDump ofTheLiving(long pid, Path file) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        return of(pid, List.of(file.toString()), file);
    }

    /** With the garbage, and without a collection before. */
    public static HeapDump ofAll(long pid, Path file) throws IOException, InterruptedException {
        return of(pid, List.of("-all", file.toString()), file);
    }

    private static HeapDump of(long pid, List<String> arguments, Path file) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("GC.heap_dump"));
        command.addAll(arguments);
        jcmd(pid, command.toArray(String[]::new));
        return new HeapDump(Files.readAllBytes(file), HeapFactory.createHeap(file.toFile()));
    }

    private static void jcmd(long pid, String... what) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid)));
        command.addAll(List.of(what));
        Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(jcmd.exitValue()).as(said).isZero();
    }

    /** Which of these are anywhere in it, and in which {@link Search form}. */
    public Set<String> find(Map<String, byte[]> wanted) {
        return new Search(wanted).in(bytes);
    }

    /** The same, array by array: what is found, and whose the array is. */
    Stream<String> findInArrays(Map<String, byte[]> wanted, Predicate<Instance> which) {
        Search search = new Search(wanted);
        return Stream.of("byte[]", "char[]", "int[]")
                .flatMap(this::instances)
                .filter(which)
                .map(PrimitiveArrayInstance.class::cast)
                .flatMap(array -> search.in(bytes(array)).stream().map(what -> what + " in " + describe(array)));
    }

    /** Of a class and those that extend it; interfaces are not in a dump. */
    public Stream<Instance> instances(String className) {
        return classes().filter(type -> isOrExtends(type, className)).flatMap(HeapDump::instancesOf);
    }

    /** One number that an object or a class has, and of an object itself. */
    record NumberField(String field, long value, Optional<Instance> of) {}

    /** All fields of this primitive type, by {@code class.field}. */
    Stream<NumberField> numbers(String type) {
        return classes()
                .flatMap(of -> Stream.concat(
                        numbers(of.getStaticFieldValues(), of, type, Optional.empty()),
                        hasField(of, type)
                                ? instancesOf(of)
                                        .flatMap(one -> numbers(one.getFieldValues(), of, type, Optional.of(one)))
                                : Stream.empty()));
    }

    private static Stream<NumberField> numbers(List<?> fields, JavaClass of, String type, Optional<Instance> owner) {
        return fields.stream()
                .map(FieldValue.class::cast)
                .filter(field -> field.getField().getType().getName().equals(type))
                .map(field -> new NumberField(
                        of.getName() + "." + field.getField().getName(), Long.parseLong(field.getValue()), owner));
    }

    private static boolean hasField(JavaClass type, String ofType) {
        for (JavaClass one = type; one != null; one = one.getSuperClass()) {
            for (Object field : one.getFields()) {
                if (field instanceof Field of
                        && !of.isStatic()
                        && of.getType().getName().equals(ofType)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The value of a static field; empty where the class is not loaded or the field is null. */
    Optional<Instance> staticField(String className, String field) {
        return Optional.ofNullable(heap.getJavaClassByName(className))
                .map(type -> type.getValueOfStaticField(field))
                .map(Instance.class::cast);
    }

    private Stream<JavaClass> classes() {
        return ((List<?>) heap.getAllClasses()).stream().map(JavaClass.class::cast);
    }

    private static Stream<Instance> instancesOf(JavaClass type) {
        Iterator<?> all = type.getInstancesIterator();
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(all, Spliterator.NONNULL), false)
                .map(Instance.class::cast);
    }

    private static boolean isOrExtends(JavaClass type, String className) {
        for (JavaClass one = type; one != null; one = one.getSuperClass()) {
            if (one.getName().equals(className)) {
                return true;
            }
        }
        return false;
    }

    static Optional<Instance> field(Instance of, String name) {
        return Optional.ofNullable((Instance) of.getValueOfField(name));
    }

    static Stream<Instance> elements(ObjectArrayInstance array) {
        List<?> values = array.getValues();
        return values.stream().filter(Objects::nonNull).map(Instance.class::cast);
    }

    /** Of an array of bytes, characters or ints, big-endian. */
    static byte[] bytes(PrimitiveArrayInstance array) {
        List<?> values = array.getValues();
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * values.size());
        String type = array.getJavaClass().getName();
        for (Object value : values) {
            String text = (String) value;
            switch (type) {
                case "byte[]" -> bytes.put(Byte.parseByte(text));
                case "char[]" -> bytes.putChar(text.charAt(0));
                default -> bytes.putInt(Integer.parseInt(text));
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** Its class, and who holds it, the nearest first. */
    String describe(Instance one) {
        StringBuilder text = new StringBuilder(name(one));
        Instance held = one;
        for (int i = 0; i < HOLDERS && !held.isGCRoot(); i++) {
            Instance holder = held.getNearestGCRootPointer();
            if (holder == null || holder.equals(held)) {
                break;
            }
            text.append(" < ").append(name(holder));
            fieldOf(holder, held).ifPresent(field -> text.append('.').append(field));
            held = holder;
        }
        return text.toString();
    }

    /** Of an object that is a class, which. */
    private String name(Instance one) {
        JavaClass type = heap.getJavaClassByID(one.getInstanceId());
        return type == null ? one.getJavaClass().getName() : "class " + type.getName();
    }

    private Optional<String> fieldOf(Instance holder, Instance held) {
        JavaClass type = heap.getJavaClassByID(holder.getInstanceId());
        List<?> fields = type == null ? holder.getFieldValues() : type.getStaticFieldValues();
        return fields.stream()
                .filter(ObjectFieldValue.class::isInstance)
                .map(ObjectFieldValue.class::cast)
                .filter(field -> held.equals(field.getInstance()))
                .map(field -> field.getField().getName())
                .findFirst();
    }
}
