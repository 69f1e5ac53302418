package finance.votis.sessions.runner.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Something that the key, or the set-up around it, should not be able to do. */
sealed interface Finding {

    /** One sentence. Names that somebody chose at Turnkey are in it, made printable. */
    String means();

    /** In the order in which they are to be done. */
    List<Remedy> remedies();

    record ClockOff(Duration ahead) implements Finding {
        @Override
        public String means() {
            long seconds = ahead.abs().toSeconds();
            return "this machine's clock is at least " + seconds + " s " + (ahead.isNegative() ? "behind" : "ahead of")
                    + " Turnkey's: stamps of a wrong time are refused, and the times of life above are not to be trusted";
        }

        @Override
        public List<Remedy> remedies() {
            return List.of(new Remedy.Step("set the clock, for example: sudo timedatectl set-ntp true"));
        }
    }

    record WritableClaim(String parameter, String claim, String why) implements Finding {
        @Override
        public String means() {
            return parameter + " is " + printable(claim) + ", " + why
                    + ": who can write it can be any user of any sub-organisation";
        }

        @Override
        public List<Remedy> remedies() {
            String own = parameter.equals("OrganizationClaim") ? "turnkey_organization_id" : "turnkey_user_id";
            return List.of(
                    new Remedy.Step("have the issuer alone set a claim such as " + own
                            + ": docs/security.md, \"How a caller is known\""),
                    new Remedy.Step("sam deploy --parameter-overrides " + parameter + "=" + own));
        }
    }

    /**
     * The parent knows the key.
     *
     * @param keyId of the user in the parent
     */
    record RegisteredInParent(String parentId, String userId, String keyId) implements Finding {
        @Override
        public String means() {
            return "user " + userId + " of the parent has this key too: whoever has it reads every customer";
        }

        @Override
        public List<Remedy> remedies() {
            return List.of(deleteKeys(parentId, userId, List.of(keyId)));
        }
    }

    record NotRegistered(String organizationId) implements Finding {
        @Override
        public String means() {
            return "no user here has this key: it is another key or organisation than meant, or what is stamped with it is refused";
        }

        @Override
        public List<Remedy> remedies() {
            return List.of(new Remedy.Step(
                    "register it: docs/operations.md, \"What you need at Turnkey\", or name the right ones"));
        }
    }

    /**
     * Its user stands above all policies.
     *
     * @param others of the quorum, without this user
     */
    record InRootQuorum(String organizationId, String userId, int threshold, Set<String> others) implements Finding {
        @Override
        public String means() {
            return "its user " + userId + " is in the root quorum of " + (others.size() + 1) + ", of which " + threshold
                    + " decide: no policy binds a root quorum";
        }

        @Override
        public List<Remedy> remedies() {
            ObjectNode parameters = JsonNodeFactory.instance.objectNode();
            parameters.put("threshold", Math.max(1, Math.min(threshold, others.size())));
            ArrayNode userIds = parameters.putArray("userIds");
            others.forEach(userIds::add);
            if (others.isEmpty()) {
                userIds.add("<ROOT_USER_ID>");
            }
            return List.of(Remedy.Request.of(
                    "the root quorum", "update_root_quorum", "UPDATE_ROOT_QUORUM", organizationId, parameters));
        }
    }

    /**
     * More than ours is allowed.
     *
     * @param read whether its consensus was understood
     */
    record WiderPolicy(String organizationId, PolicyText policy, boolean read) implements Finding {
        @Override
        public String means() {
            return "the policy \"" + printable(policy.name()) + "\" "
                    + (read
                            ? "allows its user more than docs/turnkey does: "
                            : "may allow its user more than docs/turnkey does, its consensus is not understood here: ")
                    + (policy.consensus().isBlank() ? "anybody" : printable(policy.consensus())) + " may do "
                    + (policy.condition().isBlank() ? "anything" : printable(policy.condition()));
        }

        @Override
        public List<Remedy> remedies() {
            return List.of(
                    Remedy.Request.of(
                            "a root user",
                            "delete_policy",
                            "DELETE_POLICY",
                            organizationId,
                            JsonNodeFactory.instance.objectNode().put("policyId", policy.id())),
                    new Remedy.Step("or, if it is meant: keep it in a file and name that by --expected-policy"));
        }
    }

    /**
     * One of ours that denies is not there.
     *
     * @param policy as the parameters of Turnkey's create-policy request, ids filled in
     */
    record MissingDenial(String organizationId, ObjectNode policy) implements Finding {
        @Override
        public String means() {
            return "no policy says \"" + policy.path("policyName").asText() + "\". "
                    + policy.path("notes").asText();
        }

        @Override
        public List<Remedy> remedies() {
            return List.of(Remedy.Request.of(
                    "a root user", "create_policy", "CREATE_POLICY_V3", organizationId, policy.deepCopy()));
        }
    }

    record ForeignSessions(String organizationId, String userId, List<Seen.Key> keys) implements Finding {
        @Override
        public String means() {
            return "its user has expiring keys that are none of ours: "
                    + keys.stream()
                            .map(key -> "\"" + printable(key.name()) + "\"")
                            .collect(Collectors.joining(", "))
                    + ". Somebody has the user's rights, or shares it and pushes its sessions out";
        }

        @Override
        public List<Remedy> remedies() {
            return List.of(deleteKeys(
                    organizationId, userId, keys.stream().map(Seen.Key::id).toList()));
        }
    }

    /**
     * Its user has more than one long-lived key.
     *
     * @param keys the others
     */
    record OtherKeys(String organizationId, String userId, List<Seen.Key> keys) implements Finding {
        @Override
        public String means() {
            return "its user has other keys, which do not expire: "
                    + keys.stream()
                            .map(key -> "\"" + printable(key.name()) + "\" (" + printable(key.publicKey()) + ")")
                            .collect(Collectors.joining(", "))
                    + ". Whoever has one of them can do what this key can: one of the set-up was forgotten, or somebody keeps a way in";
        }

        @Override
        public List<Remedy> remedies() {
            return List.of(
                    deleteKeys(
                            organizationId,
                            userId,
                            keys.stream().map(Seen.Key::id).toList()),
                    new Remedy.Step(
                            "or, of the one that is to replace this key: name its public half by --expected-key, and delete the old key in the end"));
        }
    }

    /**
     * Its user is a person.
     *
     * @param credentials passkeys and social logins by their names
     * @param key the one that is looked at, as it is registered
     */
    record OtherCredentials(String organizationId, String userId, List<String> credentials, Seen.Key key, Role role)
            implements Finding {
        @Override
        public String means() {
            return "its user is somebody's who signs in by "
                    + credentials.stream().map(Finding::printable).collect(Collectors.joining(", "))
                    + ": whoever has the key is that person, and both share ten expiring keys";
        }

        @Override
        public List<Remedy> remedies() {
            ObjectNode parameters = JsonNodeFactory.instance.objectNode();
            ObjectNode user = parameters.putArray("users").addObject().put("userName", role.toString());
            user.putArray("apiKeys")
                    .addObject()
                    .put("apiKeyName", role.toString())
                    .put("publicKey", key.publicKey())
                    .put("curveType", "API_KEY_CURVE_P256");
            user.putArray("authenticators");
            user.putArray("oauthProviders");
            user.putArray("userTags");
            return List.of(
                    deleteKeys(organizationId, userId, List.of(key.id())),
                    Remedy.Request.of("a root user", "create_users", "CREATE_USERS_V4", organizationId, parameters),
                    new Remedy.Step(
                            "create the policies of docs/operations.md with the id of that new user, and delete those of the old"));
        }
    }

    record NoRoomForKeys(String organizationId, int live) implements Finding {
        @Override
        public String means() {
            return "its user has " + live
                    + " expiring keys of the ten that Turnkey keeps: the next session ends the oldest";
        }

        @Override
        public List<Remedy> remedies() {
            return List.of(
                    new Remedy.Step(
                            "give each named session a user of its own, or shorten NightlyLifetimeMinutes: docs/operations.md, \"Settings\""));
        }
    }

    private static Remedy deleteKeys(String organizationId, String userId, List<String> keyIds) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("userId", userId);
        ArrayNode ids = parameters.putArray("apiKeyIds");
        keyIds.forEach(ids::add);
        return Remedy.Request.of("a root user", "delete_api_keys", "DELETE_API_KEYS", organizationId, parameters);
    }

    /** Without what could steer a terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{C}", "?");
    }
}
