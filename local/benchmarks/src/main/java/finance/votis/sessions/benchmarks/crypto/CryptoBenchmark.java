package finance.votis.sessions.benchmarks.crypto;

import finance.votis.sessions.crypto.CredentialBundle;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.LocalStamper;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.Stamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a request to Turnkey and a bundle from it cost, as callers of {@code shared-crypto} write it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CryptoBenchmark {
    private final byte[] body;
    private final LocalStamper stamper;
    private final String stamp;
    private final P256PrivateKey target;
    private final String bundle;

    public CryptoBenchmark() {
        CryptoInputs inputs = CryptoInputs.fresh();
        this.body = inputs.body().getBytes(StandardCharsets.UTF_8);
        this.stamper = new LocalStamper(inputs.stampingKey());
        this.stamp = stamper.stamp(body).headerValue();
        this.target = inputs.targetKey();
        this.bundle = inputs.bundle();
    }

    /** From the body to the header's value. */
    @Benchmark
    public String stamp() {
        return stamper.stamp(body).headerValue();
    }

    /** From the header's value; its form is checked as well. */
    @Benchmark
    public boolean verify() throws CryptoException {
        return Stamp.parse(stamp).signs(body);
    }

    /** From the text to a key with its public half. */
    @Benchmark
    public P256PrivateKey open() throws CryptoException, IOException {
        P256PrivateKey key = CredentialBundle.parse(bundle).open(target);
        key.close();
        return key;
    }
}
