package finance.votis.sessions.standins.http;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * The one wire to all stand-ins that were given it. It counts their requests together, whatever these ask for, and can be cut at any of
 * them: so a test can kill a run at every external call that it makes. What is lost before its effect came to nobody's ears: it is in no
 * stand-in's record. Thread-safe.
 */
public final class WireCut {
    /** When a request is lost. Either way the client sees its connection reset. */
    public enum Moment {
        BEFORE_EFFECT,
        AFTER_EFFECT
    }

    private record Cut(int at, Moment moment, boolean forGood, Runnable onCut) {}

    private Optional<Cut> cut = Optional.empty();
    private int count;
    private Consumer<Request> watcher = request -> {};

    /**
     * Cuts the wire at the n-th request from now, counted from one: that one is lost, and every later one before its effect, until {@link
     * #mend}.
     *
     * @param onCut runs before the connection is reset, on a thread of the stand-in
     */
    public void cutAt(int n, Moment moment, Runnable onCut) {
        plan(new Cut(n, moment, true, onCut));
    }

    /** Loses the n-th request from now, counted from one, and no other. */
    public void loseOnly(int n, Moment moment) {
        plan(new Cut(n, moment, false, () -> {}));
    }

    /** Shows every request as it comes, before its fate, with all that is secret in it. One watcher: the last one. */
    public synchronized void watch(Consumer<Request> shown) {
        watcher = shown;
    }

    /** The wire is whole, and nothing is planned. */
    public synchronized void mend() {
        cut = Optional.empty();
        count = 0;
    }

    /** How many requests there were since the last {@link #cutAt}, {@link #loseOnly} or {@link #mend}, lost ones too. */
    public synchronized int count() {
        return count;
    }

    private synchronized void plan(Cut planned) {
        if (planned.at < 1) {
            throw new IllegalArgumentException("requests are counted from one");
        }
        cut = Optional.of(planned);
        count = 0;
    }

    /** What a stand-in answers by, with this wire in front of it. */
    public BlockingHttpServer.Handler before(BlockingHttpServer.Handler standIn) {
        return request -> handle(request, standIn);
    }

    private Reply handle(Request request, BlockingHttpServer.Handler standIn) {
        int number;
        Optional<Cut> lost;
        synchronized (this) {
            watcher.accept(request);
            count++;
            number = count;
            lost = cut.filter(one -> number == one.at || (number > one.at && one.forGood));
        }
        if (lost.isEmpty()) {
            return standIn.handle(request);
        }
        if (number == lost.get().at) {
            if (lost.get().moment == Moment.AFTER_EFFECT) {
                standIn.handle(request);
            }
            lost.get().onCut.run();
        }
        return new Reply.Reset();
    }
}
