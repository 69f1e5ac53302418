package finance.votis.sessions.benchmarks.flow;

import finance.votis.sessions.benchmarks.peer.Command;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/**
 * A certificate of 127.0.0.1 for this run, by the JDK's keytool, and who trusts it.
 *
 * @param trustStore the JDK's own certificates and this one, so that reading them takes the time that it takes everywhere
 * @param pem for Node, which adds it to its own
 */
record Certificate(SSLContext tls, Path trustStore, Path pem) {
    private static final String ALIAS = "bench";

    /** Of files that hold nothing but this run's key. */
    private static final String PASSWORD = "changeit";

    static Certificate make(Path folder) throws IOException, InterruptedException {
        Path keys = folder.resolve("keys.p12");
        Path pem = folder.resolve("certificate.pem");
        Path trustStore = folder.resolve("trusted");
        Files.deleteIfExists(keys);
        Path home = Path.of(System.getProperty("java.home", ""));
        String keytool = home.resolve("bin").resolve("keytool").toString();
        Command.of(keytool, "-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-alias", ALIAS)
                .and("-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1", "-validity", "30")
                .and("-storetype", "PKCS12", "-keystore", keys.toString(), "-storepass", PASSWORD)
                .run();
        Files.writeString(
                pem,
                Command.of(keytool, "-exportcert", "-rfc", "-alias", ALIAS)
                        .and("-keystore", keys.toString(), "-storepass", PASSWORD)
                        .run());
        Files.copy(
                home.resolve("lib").resolve("security").resolve("cacerts"),
                trustStore,
                StandardCopyOption.REPLACE_EXISTING);
        trustStore.toFile().setWritable(true);
        Command.of(keytool, "-importcert", "-noprompt", "-alias", ALIAS, "-file", pem.toString())
                .and("-keystore", trustStore.toString(), "-storepass", PASSWORD)
                .run();
        return new Certificate(tls(keys), trustStore, pem);
    }

    /**
     * Not bound yet.
     *
     * @param callersCipherSuite whether it takes the one that its caller puts first, or has an order of its own
     */
    ServerSocket listener(boolean callersCipherSuite) throws IOException {
        ServerSocket listener = tls.getServerSocketFactory().createServerSocket();
        if (listener instanceof SSLServerSocket secure) {
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setUseCipherSuitesOrder(!callersCipherSuite);
            secure.setSSLParameters(parameters);
        }
        return listener;
    }

    private static SSLContext tls(Path keys) throws IOException {
        try (InputStream in = Files.newInputStream(keys)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate of this run cannot be used", e);
        }
    }
}
