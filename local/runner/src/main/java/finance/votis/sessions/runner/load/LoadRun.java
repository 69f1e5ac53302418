package finance.votis.sessions.runner.load;

import finance.votis.sessions.runner.lambda.LogSink;
import finance.votis.sessions.runner.outsiders.Phone;
import finance.votis.sessions.runner.outsiders.Wire;
import finance.votis.sessions.runner.stack.Addresses;
import finance.votis.sessions.runner.stack.RunningStack;
import finance.votis.sessions.runner.stack.Workspace;
import finance.votis.sessions.runner.template.Template;
import finance.votis.sessions.runner.template.TemplateException;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import finance.votis.sessions.standins.turnkey.World;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** Phones at once on a stack of their own, and a look at Turnkey's register when all have their answers. */
final class LoadRun {
    /**
     * What came of it.
     *
     * @param lines to be printed
     * @param broken what did not hold, a sentence each
     */
    record Result(List<String> lines, List<String> broken) {
        Result {
            lines = List.copyOf(lines);
            broken = List.copyOf(broken);
        }
    }

    private final Plan plan;
    private final InstantSource clock;
    private final Device.Pause pause;
    private final RunningStack stack;
    private final Figures figures = new Figures();

    private LoadRun(Plan plan, InstantSource clock, Device.Pause pause, RunningStack stack) {
        this.plan = plan;
        this.clock = clock;
        this.pause = pause;
        this.stack = stack;
    }

    /**
     * Runs it. The stack listens on loopback and nowhere else, and its phones know no other address.
     *
     * @param beforeTheLook what is done to Turnkey's register before it is compared, given the first phone's user
     * @throws IOException with a sentence, if the stack cannot be started
     */
    static Result run(
            Plan plan,
            Template template,
            Workspace workspace,
            InstantSource clock,
            Device.Pause pause,
            LogSink logs,
            BiConsumer<World, String> beforeTheLook)
            throws TemplateException, IOException, InterruptedException {
        try (RunningStack stack = RunningStack.startUnthrottled(template, Addresses.free(), workspace, clock, logs);
                Wire wire = new Wire()) {
            stack.startEnvironmentsOfRoutes(plan.instances());
            return new LoadRun(plan, clock, pause, stack).run(wire, beforeTheLook);
        }
    }

    private Result run(Wire wire, BiConsumer<World, String> beforeTheLook) throws InterruptedException {
        Weather weather = new Weather(stack, plan);
        List<Device> devices = new ArrayList<>();
        for (int i = 1; i <= plan.phones(); i++) {
            devices.add(device("phone " + i, i, wire, weather));
        }
        warmUp(devices);
        figures.clear();
        weather.begin();
        Instant begin = clock.instant();
        use(devices, weather, begin.plus(plan.longest()));
        Duration whole = Duration.between(begin, clock.instant());
        weather.end();

        beforeTheLook.accept(stack.turnkey().world(), devices.getFirst().user().userId());
        List<String> lines = new ArrayList<>(figures.lines(whole));
        lines.add("  what went wrong by intent");
        lines.addAll(Figures.counts(weather.drawn()));
        List<String> broken = new ArrayList<>();
        int sessions = 0;
        int live = 0;
        int evictions = 0;
        for (int i = 0; i < devices.size(); i++) {
            Device device = devices.get(i);
            List<String> sentences = new ArrayList<>(device.broken());
            sentences.addAll(register(device.user()).against(device.told()));
            String name = "phone " + (i + 1) + ": ";
            sentences.forEach(sentence -> broken.add(name + sentence));
            sessions += device.told().count();
            live += device.told().live().size();
            evictions += device.told().evictions();
            device.close();
        }
        lines.add("  sessions that phones were told of: %d; live: %d, pushed out by an eleventh: %d, ended: %d"
                .formatted(sessions, live, evictions, sessions - live - evictions));
        return new Result(lines, broken);
    }

    private Device device(String name, int number, Wire wire, Weather weather) {
        DemoWorld.Customer customer = stack.addCustomer(name);
        Phone phone = new Phone(
                wire,
                stack.apiUrl(),
                stack.token(name, customer.organizationId(), customer.userId()),
                (what, secret) -> {});
        return new Device(
                phone,
                customer,
                new SplittableRandom(plan.seed() * 1_000_003 + number),
                new SecureRandom(),
                clock,
                pause,
                weather,
                figures);
    }

    /** What one phone does on its thread. */
    @FunctionalInterface
    private interface Use {
        void of(Device device) throws InterruptedException;
    }

    /** So that the figures are those of functions that have run before. */
    private void warmUp(List<Device> devices) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(devices.size())) {
            for (Future<?> one : started(devices, threads, Device::warmUp)) {
                ended(one);
            }
        }
    }

    /** Returns when each has an answer to all it asked for, or has given up in the calm. */
    private void use(List<Device> devices, Weather weather, Instant end) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(plan.requests());
        try (ExecutorService threads = Executors.newFixedThreadPool(devices.size())) {
            List<Future<?>> running = started(devices, threads, device -> {
                while (left.getAndDecrement() > 0 && clock.instant().isBefore(end)) {
                    device.next();
                }
            });
            for (Future<?> one : running) {
                try {
                    one.get(Math.max(0, Duration.between(clock.instant(), end).toNanos()), TimeUnit.NANOSECONDS);
                } catch (TimeoutException timeIsOver) {
                    weather.end();
                } catch (ExecutionException told) {
                    // Just below, as of those that need longer.
                }
                ended(one);
            }
        }
    }

    private static List<Future<?>> started(List<Device> devices, ExecutorService threads, Use use) {
        List<Future<?>> running = new ArrayList<>();
        for (Device device : devices) {
            running.add(threads.submit(() -> {
                use.of(device);
                return null;
            }));
        }
        return running;
    }

    private static void ended(Future<?> one) throws InterruptedException {
        try {
            one.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a phone failed", e.getCause());
        }
    }

    private Register register(DemoWorld.Customer user) {
        World world = stack.turnkey().world();
        return new Register(
                world.apiKeys(user.userId()),
                world.activities(user.organizationId(), "ACTIVITY_TYPE_CREATE_READ_WRITE_SESSION_V2"));
    }
}
