package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.standins.passkey.SoftwarePasskey;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A company with two customers, set up as {@code docs/operations.md} says: one delegate key in both sub-organisations and
 * not in the parent, an admin user and a watch of their own in the parent, policies from {@code docs/turnkey}.
 *
 * @param parentId the parent organisation
 * @param rootUserId its one root user, whose key reads every sub-organisation
 * @param adminUserId an API-only user of the parent, without any policy for sessions
 * @param watchUserId a user of the parent without any policy: it only reads, and so reads every sub-organisation
 * @param delegateKey of the delegate's user in each sub-organisation
 */
public record DemoWorld(
        String parentId,
        String rootUserId,
        KeyPair rootKey,
        String adminUserId,
        KeyPair adminKey,
        String watchUserId,
        KeyPair watchKey,
        KeyPair delegateKey,
        Customer first,
        Customer second) {

    /** Of the company's app, whose passkeys are for this host. */
    public static final String ORIGIN = "https://wallet.example.com";

    private static final String RP_ID = "wallet.example.com";

    /**
     * A sub-organisation with its end user, who is its root.
     *
     * @param userKey a long-lived key of the end user
     * @param passkey of the end user, on its phone
     */
    public record Customer(
            String organizationId, String userId, KeyPair userKey, SoftwarePasskey passkey, String delegateUserId) {}

    public List<Customer> customers() {
        return List.of(first, second);
    }

    static DemoWorld in(World world, SecureRandom random) {
        String parentId = world.newId();
        world.addOrganization(parentId, "Votis Demo");
        world.setWebAuthnOrigins(parentId, Set.of(ORIGIN));

        String rootUserId = world.newId();
        KeyPair rootKey = KeyPair.generate(random);
        world.addUser(parentId, rootUserId, "Root");
        world.addApiKey(rootUserId, "root", rootKey.publicKey());
        world.setRootQuorum(parentId, 1, Set.of(rootUserId));

        String adminUserId = world.newId();
        KeyPair adminKey = KeyPair.generate(random);
        world.addUser(parentId, adminUserId, "Nightly admin");
        world.addApiKey(adminUserId, "nightly admin", adminKey.publicKey());
        world.addPolicyFile(parentId, "session-keys-manage-no-credentials.json", Map.of());
        world.addPolicyFile(parentId, "session-keys-make-no-sessions.json", Map.of());

        String watchUserId = world.newId();
        KeyPair watchKey = KeyPair.generate(random);
        world.addUser(parentId, watchUserId, "Watch");
        world.addApiKey(watchUserId, "watch", watchKey.publicKey());

        KeyPair delegateKey = KeyPair.generate(random);
        return new DemoWorld(
                parentId,
                rootUserId,
                rootKey,
                adminUserId,
                adminKey,
                watchUserId,
                watchKey,
                delegateKey,
                customer(world, random, parentId, "Ada", delegateKey.publicKey()),
                customer(world, random, parentId, "Grace", delegateKey.publicKey()));
    }

    static Customer customer(
            World world, SecureRandom random, String parentId, String name, P256PublicKey delegateKey) {
        String organizationId = world.newId();
        world.addSubOrganization(parentId, organizationId, name + "'s wallet");

        String userId = world.newId();
        KeyPair userKey = KeyPair.generate(random);
        world.addUser(organizationId, userId, name);
        world.addApiKey(userId, "laptop", userKey.publicKey());
        SoftwarePasskey passkey = SoftwarePasskey.create(RP_ID, random);
        world.addAuthenticator(userId, "phone", passkey.credentialId(), passkey.publicKey(), passkey.rpId());

        String delegateUserId = world.newId();
        world.addUser(organizationId, delegateUserId, "Delegate");
        world.addApiKey(delegateUserId, "backend", delegateKey);

        world.setRootQuorum(organizationId, 1, Set.of(userId));
        Map<String, String> ids = Map.of("DELEGATE_USER_ID", delegateUserId, "END_USER_ID", userId);
        world.addPolicyFile(organizationId, "delegate-creates-read-write-sessions.json", ids);
        world.addPolicyFile(organizationId, "delegate-adds-no-credentials.json", ids);
        world.addPolicyFile(organizationId, "delegate-deletes-keys-of-end-user.json", ids);
        world.addPolicyFile(organizationId, "session-keys-manage-no-credentials.json", Map.of());
        return new Customer(organizationId, userId, userKey, passkey, delegateUserId);
    }
}
