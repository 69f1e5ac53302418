package finance.votis.sessions.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

class LoopbackServerTest {
    /** The template's order. */
    private static final String[] ASKED = {"TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"};

    private record Silent(boolean takesCallersFirstCipherSuite) implements Counterpart {
        @Override
        public Set<String> variables() {
            return Set.of();
        }

        @Override
        public String answer(Request request) {
            return "{}";
        }
    }

    /** So that a rehearsal of both has played both ciphers. */
    @Test
    void oneCounterpartTakesTheFirstCipherSuiteAndAnotherChoosesAes() throws Exception {
        assertThat(suiteOf(new Silent(true))).isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
        assertThat(suiteOf(new Silent(false))).isEqualTo("TLS_AES_128_GCM_SHA256");
    }

    private static String suiteOf(Counterpart counterpart) throws Exception {
        LoopbackAuthority authority = LoopbackAuthority.make(SecureRandom::new);
        try (LoopbackServer server = LoopbackServer.start(Optional.of(authority), counterpart);
                Network network = Network.trusting(authority.trust())) {
            SSLContext trusting = network.tls().orElseThrow();
            try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory()
                    .createSocket(LoopbackAuthority.HOST, server.url().getPort())) {
                socket.setEnabledCipherSuites(ASKED);
                socket.startHandshake();
                return socket.getSession().getCipherSuite();
            }
        }
    }
}
