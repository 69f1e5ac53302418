package finance.votis.sessions.benchmarks.crypto;

/** A program that prints a line and ends: what {@link FirstStamp} is held against. */
public final class BareStart {
    private BareStart() {}

    public static void main(String[] args) {
        System.out.println("started");
    }
}
