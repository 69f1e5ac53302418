package finance.votis.sessions.runner.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import finance.votis.sessions.runner.template.FunctionResource;
import finance.votis.sessions.standins.turnkey.DemoWorld;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code target/local/stack.json}: all that a script needs to use a running {@code ./dev up}, secrets too, so mode 600. */
final class StackFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIVE_WITHIN_MILLIS = 500;

    private StackFile() {}

    /** Appears whole or not at all. */
    static void write(Path file, RunningStack stack, String token) throws IOException {
        DemoWorld world = stack.turnkey().demo();
        Surroundings surroundings = stack.surroundings();
        ObjectNode json = JSON.createObjectNode();
        json.put("apiUrl", stack.apiUrl().toString());
        json.put("turnkeyUrl", stack.turnkeyUrl().toString());
        json.put("awsUrl", stack.awsUrl().toString());
        json.put("issuerUrl", stack.issuerUrl().toString());
        json.put("region", surroundings.region());
        json.put("accountId", surroundings.accountId());
        json.put("token", token);
        json.put("organizationId", world.parentId());
        json.put("parentPublicKey", world.rootKey().publicKey().compressedHex());
        json.put("parentPrivateKey", world.rootKey().dangerouslyPrivateKeyHex());
        json.put("subOrganizationId", world.first().organizationId());
        json.put("userId", world.first().userId());
        json.put("otherSubOrganizationId", world.second().organizationId());
        json.put("otherUserId", world.second().userId());
        json.put("delegatePublicKey", stack.delegatePublicKey().compressedHex());
        // In KMS it has no readable form.
        if (stack.delegatePublicKey().equals(world.delegateKey().publicKey())) {
            json.put("delegatePrivateKey", world.delegateKey().dangerouslyPrivateKeyHex());
        }
        surroundings.companyKeys().ifPresent(keys -> json.put("companyKeys", keys.kind()));
        ObjectNode functions = json.putObject("functions");
        for (FunctionResource function : stack.functions()) {
            functions.put(function.logicalId(), function.logicalId());
        }
        // Any secret access key goes with them.
        stack.accessKeys().forEach(json.putObject("accessKeys")::put);
        surroundings.secrets().forEach(json.putObject("secrets")::put);
        surroundings.keys().forEach(json.putObject("keys")::put);
        writePrivate(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    /**
     * For {@code sam local invoke --env-vars}: by function what its variables are here, since SAM knows neither the ARNs nor the ids of a run. Addresses
     * are left out: seen from a container they are others.
     */
    static String samVariables(List<FunctionResource> functions) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        for (FunctionResource function : functions) {
            ObjectNode variables = json.putObject(function.logicalId());
            function.environment().forEach((name, value) -> {
                if (!value.startsWith("http://")) {
                    variables.put(name, value);
                }
            });
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }

    /** Mode 600 from its first byte on, in place in one step. */
    static void writePrivate(Path file, String text) throws IOException {
        Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
        Files.createDirectories(folder);
        Path own = Files.createTempFile(
                folder, "new", "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(own, text);
            Files.move(own, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(own);
        }
    }

    /**
     * What a running {@code ./dev up} offers.
     *
     * @param ids in its world, by their names in the file
     */
    record Running(Surroundings surroundings, DemoIds ids) {}

    /** Empty if none runs: the file is not there, or what it names does not answer any more. */
    static Optional<Running> running(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode json;
        try {
            json = JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is not what ./dev up writes: remove it");
        }
        Surroundings surroundings = new Surroundings(
                URI.create(json.path("turnkeyUrl").asText()),
                URI.create(json.path("awsUrl").asText()),
                URI.create(json.path("issuerUrl").asText()),
                json.path("region").asText(),
                json.path("accountId").asText(),
                json.path("organizationId").asText(),
                CompanyKeys.ofKind(json.path("companyKeys").asText()),
                Optional.of(json.path("delegatePublicKey").asText()),
                texts(json.path("keys")),
                texts(json.path("secrets")));
        if (!answers(surroundings.turnkeyUrl()) || !answers(surroundings.awsUrl())) {
            return Optional.empty();
        }
        return Optional.of(new Running(
                surroundings,
                new DemoIds(
                        json.path("subOrganizationId").asText(),
                        json.path("userId").asText(),
                        json.path("otherSubOrganizationId").asText(),
                        json.path("otherUserId").asText())));
    }

    private static boolean answers(URI url) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), ALIVE_WITHIN_MILLIS);
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }
}
