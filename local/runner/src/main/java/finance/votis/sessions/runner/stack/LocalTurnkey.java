package finance.votis.sessions.runner.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.P256PrivateKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Turnkey's stand-in of the running {@code ./dev up}. */
public final class LocalTurnkey {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StackFile.Running running;
    private final Path file;

    private LocalTurnkey(StackFile.Running running, Path file) {
        this.running = running;
        this.file = file;
    }

    /**
     * Empty if none runs.
     *
     * @throws IOException with a sentence, if what a run left cannot be read
     */
    public static Optional<LocalTurnkey> running(Workspace workspace) throws IOException {
        return StackFile.running(workspace.stackFile()).map(run -> new LocalTurnkey(run, workspace.stackFile()));
    }

    public URI url() {
        return running.surroundings().turnkeyUrl();
    }

    public String parentId() {
        return running.surroundings().organizationId();
    }

    /** Of its two customers. */
    public List<String> subOrganizationIds() {
        return List.of(running.ids().organizationId(), running.ids().otherOrganizationId());
    }

    /** The key of the parent's root user, which reads both customers. The caller closes it. */
    public P256PrivateKey parentKey() throws IOException {
        try {
            JsonNode json = JSON.readTree(file.toFile());
            return P256PrivateKey.fromHex(json.path("parentPrivateKey").asText());
        } catch (CryptoException.BadScalar e) {
            throw new IOException(file + " is not what ./dev up writes: remove it");
        }
    }
}
