package finance.votis.sessions.runner.doctor;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The policies that a role's user is meant to have, from files with ids to be filled in. Immutable. */
final class OurPolicies {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** Whoever the key is of: a file has one of the two. */
    private static final Pattern USER = Pattern.compile("<(DELEGATE|ADMIN)_USER_ID>");

    private static final String END_USER = "<END_USER_ID>";
    private static final Pattern LEFT = Pattern.compile("<[A-Z_]+>");

    private final List<String> allowing;
    private final List<String> denying;
    private final List<String> recommended;
    private final List<String> keeping;

    private OurPolicies(List<String> allowing, List<String> denying, List<String> recommended, List<String> keeping) {
        this.allowing = allowing;
        this.denying = denying;
        this.recommended = recommended;
        this.keeping = keeping;
    }

    /**
     * @param folder {@code docs/turnkey}
     * @param besides more files in the same form, of policies that may allow its user something
     */
    static OurPolicies read(Path folder, Role role, List<Path> besides) throws CannotLookException {
        List<String> allowing = new ArrayList<>(texts(folder, role.allowing()));
        for (Path file : besides) {
            try {
                allowing.add(text(file));
            } catch (CannotLookException e) {
                throw new CannotLookException("--expected-policy: " + e.getMessage());
            }
        }
        return new OurPolicies(
                List.copyOf(allowing),
                texts(folder, role.denying()),
                texts(folder, role.recommended()),
                texts(folder, Role.KEEPER.allowing()));
    }

    private static List<String> texts(Path folder, List<String> files) throws CannotLookException {
        List<String> texts = new ArrayList<>();
        for (String file : files) {
            texts.add(text(folder.resolve(file)));
        }
        return List.copyOf(texts);
    }

    private static String text(Path file) throws CannotLookException {
        try {
            String text = Files.readString(file);
            filled(text, "", ""); // told now, not after the first queries
            return text;
        } catch (IOException e) {
            throw new CannotLookException("a file of a policy cannot be read");
        }
    }

    /** @param endUsers whose keys may be deleted */
    List<PolicyText> allowing(String userId, Set<String> endUsers) throws CannotLookException {
        return filled(allowing, userId, endUsers);
    }

    /**
     * What a sessions' keeper may, whatever the role.
     *
     * @param endUsers whose keys may be deleted
     */
    List<PolicyText> keeping(String userId, Set<String> endUsers) throws CannotLookException {
        return filled(keeping, userId, endUsers);
    }

    private static List<PolicyText> filled(List<String> files, String userId, Set<String> endUsers)
            throws CannotLookException {
        List<PolicyText> policies = new ArrayList<>();
        for (String file : files) {
            for (String endUser : file.contains(END_USER) ? endUsers : Set.of("")) {
                policies.add(PolicyText.of("", filled(file, userId, endUser)));
            }
        }
        return policies;
    }

    /** Each as the parameters of Turnkey's create-policy request. */
    List<ObjectNode> denying(String userId) throws CannotLookException {
        return filled(denying, userId);
    }

    /** Each as the parameters of Turnkey's create-policy request. */
    List<ObjectNode> recommended(String userId) throws CannotLookException {
        return filled(recommended, userId);
    }

    private static List<ObjectNode> filled(List<String> files, String userId) throws CannotLookException {
        List<ObjectNode> policies = new ArrayList<>();
        for (String file : files) {
            policies.add(filled(file, userId, ""));
        }
        return policies;
    }

    private static ObjectNode filled(String file, String userId, String endUser) throws CannotLookException {
        String text =
                USER.matcher(file).replaceAll(Matcher.quoteReplacement(userId)).replace(END_USER, endUser);
        try {
            if (JSON.readTree(text) instanceof ObjectNode policy
                    && !LEFT.matcher(text).find()) {
                return policy;
            }
        } catch (JacksonException notJson) {
            // told below
        }
        throw new CannotLookException(
                "a file of a policy is one JSON object, as those of docs/turnkey, and has no other <...> than theirs");
    }
}
