package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.standins.http.BlockingHttpServer;
import finance.votis.sessions.standins.http.WireCut;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** Turnkey's public API on this machine. Thread-safe. */
public final class TurnkeyStandIn implements AutoCloseable {
    /** More than is taken, so that what is too much is refused in Turnkey's own form. */
    private static final int MAX_READ = 8 << 20;

    private final SecureRandom random;
    private final World world;
    private final DemoWorld demo;
    private final KeyPair notarizerKey;
    private final Faults faults;
    private final Api api;
    private final BlockingHttpServer server;

    private TurnkeyStandIn(Builder builder) {
        this.server = BlockingHttpServer.bind(builder.address);
        this.random = builder.random;
        this.faults = new Faults(builder.clock);
        this.world = new World(faults, builder.random);
        this.notarizerKey = KeyPair.generate(builder.random);
        this.demo = DemoWorld.in(world, builder.random);
        ReadOnlySessions sessions = new ReadOnlySessions(builder.random);
        this.api = new Api(
                world,
                faults,
                new Authentication(world, sessions),
                new Activities(world, faults, sessions, new Notarizer(notarizerKey), builder.random));
        server.serve(MAX_READ, builder.wire.before(api::handle), builder.waiting);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** {@code http://127.0.0.1:port}, no slash at the end. */
    public URI url() {
        return server.url();
    }

    /** What there is at Turnkey; the {@link #demo} is part of it. */
    public World world() {
        return world;
    }

    /** The company that every stand-in starts with. */
    public DemoWorld demo() {
        return demo;
    }

    /**
     * One more customer of the demo's company, set up as its two are.
     *
     * @param name of the end user
     * @param delegateKey what the delegate's user in the new sub-organisation stamps with
     */
    public DemoWorld.Customer addCustomer(String name, P256PublicKey delegateKey) {
        return DemoWorld.customer(world, random, demo.parentId(), name, delegateKey);
    }

    /** What session tokens of logins are signed by; Turnkey's own is pinned in its SDKs. */
    public P256PublicKey notarizerKey() {
        return notarizerKey.publicKey();
    }

    public Faults faults() {
        return faults;
    }

    /** The last thousand that came in, at most 16 MiB of them, the oldest first, refused ones too. */
    public List<RecordedRequest> requests() {
        return api.requests();
    }

    public List<RecordedRequest> requests(Endpoint endpoint) {
        return requests().stream()
                .filter(request -> request.path().equals(endpoint.path()))
                .toList();
    }

    @Override
    public void close() {
        server.close();
    }

    /** Loopback on a free port, the system's clock and a SecureRandom, unless told otherwise. */
    public static final class Builder {
        private InetSocketAddress address = BlockingHttpServer.anyPort();
        private InstantSource clock = InstantSource.system();
        private SecureRandom random = new SecureRandom();
        private WireCut wire = new WireCut();
        private BlockingHttpServer.Waiting waiting = Thread::sleep;

        private Builder() {}

        public Builder address(InetSocketAddress listenOn) {
            address = listenOn;
            return this;
        }

        public Builder clock(InstantSource source) {
            clock = source;
            return this;
        }

        public Builder random(SecureRandom source) {
            random = source;
            return this;
        }

        /** What every request comes over, to be cut at will. */
        public Builder wire(WireCut cutAtWill) {
            wire = cutAtWill;
            return this;
        }

        /** How answers are held back that come late. */
        Builder waiting(BlockingHttpServer.Waiting source) {
            waiting = source;
            return this;
        }

        /** Listens from the return on. @throws PortInUseException if it cannot */
        public TurnkeyStandIn start() {
            return new TurnkeyStandIn(this);
        }
    }
}
