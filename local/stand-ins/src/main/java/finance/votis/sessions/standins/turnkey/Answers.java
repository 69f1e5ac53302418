package finance.votis.sessions.standins.turnkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The JSON of what is answered, member by member as in the captures and the API definition. */
final class Answers {
    private Answers() {}

    static ObjectNode identity(User user) {
        return Json.object()
                .put("organizationId", user.organization().id())
                .put("organizationName", user.organization().name())
                .put("userId", user.id())
                .put("username", user.name());
    }

    static ObjectNode apiKey(ApiKey key) {
        ObjectNode node = Json.object();
        node.putObject("credential")
                .put("publicKey", key.publicKey().compressedHex())
                .put("type", key.type());
        node.put("apiKeyId", key.id());
        node.put("apiKeyName", key.name());
        node.set("createdAt", Json.time(key.createdAt()));
        node.set("updatedAt", Json.time(key.createdAt()));
        key.lifetime().ifPresent(life -> node.put("expirationSeconds", Long.toString(life.toSeconds())));
        return node;
    }

    /** Expired keys too, until they are pushed out: ours, Turnkey's answer is not known. */
    static ArrayNode apiKeys(Collection<ApiKey> keys) {
        ArrayNode array = Json.object().putArray("apiKeys");
        keys.forEach(key -> array.add(apiKey(key)));
        return array;
    }

    /** Transports, model and an AAGUID of zeros are ours: the software behind it has none. */
    private static ObjectNode authenticator(Authenticator authenticator) {
        ObjectNode node = Json.object();
        node.putArray("transports").add("AUTHENTICATOR_TRANSPORT_INTERNAL");
        node.put("attestationType", "none");
        node.put("aaguid", Assertion.base64(new byte[16]));
        node.put("credentialId", authenticator.credentialId());
        node.put("model", "Software passkey");
        node.putObject("credential").put("publicKey", authenticator.publicKey()).put("type", Authenticator.TYPE);
        node.put("authenticatorId", authenticator.id());
        node.put("authenticatorName", authenticator.name());
        node.set("createdAt", Json.time(authenticator.createdAt()));
        node.set("updatedAt", Json.time(authenticator.createdAt()));
        return node;
    }

    static ObjectNode user(User user) {
        ObjectNode node = Json.object();
        node.put("userId", user.id());
        node.put("userName", user.name());
        ArrayNode authenticators = node.putArray("authenticators");
        user.authenticators().forEach(authenticator -> authenticators.add(authenticator(authenticator)));
        node.set("apiKeys", apiKeys(user.keys()));
        node.putArray("userTags");
        ArrayNode providers = node.putArray("oauthProviders");
        user.oauthProviders().forEach(provider -> providers.add(oauthProvider(provider)));
        node.set("createdAt", Json.time(user.createdAt()));
        node.set("updatedAt", Json.time(user.createdAt()));
        node.putArray("mfaPolicies");
        return node;
    }

    private static ObjectNode oauthProvider(OauthProvider provider) {
        ObjectNode node = Json.object()
                .put("providerId", provider.id())
                .put("providerName", provider.name())
                .put("issuer", provider.issuer())
                .put("audience", provider.audience())
                .put("subject", provider.subject());
        node.set("createdAt", Json.time(provider.createdAt()));
        node.set("updatedAt", Json.time(provider.createdAt()));
        return node;
    }

    /** A part that the policy does not have is an empty string: ours. */
    static ObjectNode policy(Organization.RegisteredPolicy registered) {
        ObjectNode parameters = registered.policy().parameters();
        ObjectNode node = Json.object()
                .put("policyId", registered.id())
                .put("policyName", registered.policy().name())
                .put("effect", registered.policy().effect().name());
        node.set("createdAt", Json.time(registered.createdAt()));
        node.set("updatedAt", Json.time(registered.createdAt()));
        for (String part : List.of("notes", "consensus", "condition")) {
            node.put(part, parameters.path(part).asText(""));
        }
        return node;
    }

    /** Of the features the one that is played; several origins with commas between, ours. */
    static ObjectNode configs(Organization organization) {
        ObjectNode node = Json.object();
        ArrayNode features = node.putArray("features");
        if (!organization.ownWebAuthnOrigins().isEmpty()) {
            features.addObject()
                    .put("name", "FEATURE_NAME_WEBAUTHN_ORIGINS")
                    .put(
                            "value",
                            organization.ownWebAuthnOrigins().stream().sorted().collect(Collectors.joining(",")));
        }
        ObjectNode quorum = node.putObject("quorum");
        quorum.put("threshold", organization.rootThreshold());
        ArrayNode userIds = quorum.putArray("userIds");
        organization.rootUsers().stream().sorted().forEach(userIds::add);
        return node;
    }

    /** @param viewer who asks; whether it may approve depends on that */
    static ObjectNode activity(Activity activity, User viewer) {
        ObjectNode node = Json.object();
        node.put("id", activity.id());
        node.put("organizationId", activity.organization().id());
        node.put("status", activity.status().wireName());
        node.put("type", activity.type().wireName());
        node.putObject("intent").set(activity.type().intentName(), activity.parameters());
        ObjectNode result = node.putObject("result");
        if (activity.status() == Activity.Status.COMPLETED) {
            result.set(activity.type().resultName(), activity.result());
        }
        ArrayNode votes = node.putArray("votes");
        activity.approvals().forEach(approval -> votes.add(vote(activity, approval)));
        node.put("fingerprint", activity.fingerprint());
        node.put("canApprove", canApprove(activity, viewer));
        node.put("canReject", true); // in every capture
        node.set("createdAt", Json.time(activity.createdAt()));
        node.set("updatedAt", Json.time(activity.updatedAt()));
        activity.failure().ifPresentOrElse(failure -> node.set("failure", failure), () -> node.putNull("failure"));
        return node;
    }

    private static boolean canApprove(Activity activity, User viewer) {
        return activity.status() == Activity.Status.CONSENSUS_NEEDED
                && activity.organization().equals(viewer.organization())
                && activity.approvals().stream()
                        .noneMatch(approval -> approval.user().equals(viewer));
    }

    private static ObjectNode vote(Activity activity, Approval approval) {
        ObjectNode node = Json.object();
        node.put("id", approval.id());
        node.put("userId", approval.user().id());
        node.set("user", user(approval.user()));
        node.put("activityId", activity.id());
        node.put("selection", "VOTE_SELECTION_APPROVED");
        node.put("message", approval.message());
        node.put("publicKey", approval.stamp().publicKey());
        node.put("signature", approval.stamp().signature());
        node.put("scheme", approval.stamp().scheme());
        node.set("createdAt", Json.time(approval.createdAt()));
        return node;
    }

    /** Members that a client has never heard of, in every object but intent and result, which have one member each. */
    static void addUnknownMembers(JsonNode node) {
        node.forEach(Answers::addUnknownMembers);
        if (node instanceof ObjectNode object) {
            object.putObject("addedByANewerVersion").put("since", "tomorrow");
            for (String keyed : List.of("intent", "result")) {
                if (object.get(keyed) instanceof ObjectNode oneMember) {
                    oneMember.remove("addedByANewerVersion");
                }
            }
        }
    }
}
