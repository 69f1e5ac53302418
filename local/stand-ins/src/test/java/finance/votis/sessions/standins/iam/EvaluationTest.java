package finance.votis.sessions.standins.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** AWS's documented rules, one by one; account, key and names are those of its documentation. */
class EvaluationTest {
    private static final String KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private static final String OTHER_KEY =
            "arn:aws:kms:us-west-2:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321";
    private static final String ROLE = "arn:aws:iam::111122223333:role/ExampleRole";
    private static final String ROOT = "arn:aws:iam::111122223333:root";
    private static final Caller CALLER = Caller.session(ROLE, "job");
    private static final ResourcePolicy NONE = new ResourcePolicy.None();

    @Test
    void nothingIsAllowedUnlessAStatementAllowsIt() {
        assertThat(of(decrypt(), List.of(), NONE))
                .isEqualTo(new Verdict.Denied("User: arn:aws:sts::111122223333:assumed-role/ExampleRole/job is not"
                        + " authorized to perform: kms:Decrypt on resource: " + KEY
                        + " because no identity-based policy allows the kms:Decrypt action"));
        assertAllowed(of(decrypt(), List.of(own("Allow", "kms:Decrypt", KEY)), NONE));
        assertDenied(of(decrypt(), List.of(own("Allow", "kms:Encrypt", KEY)), NONE), "no identity-based policy");
        assertDenied(of(decrypt(), List.of(own("Allow", "kms:Decrypt", OTHER_KEY)), NONE), "no identity-based policy");
    }

    @Test
    void anExplicitDenyBeatsEveryAllow() {
        Policy allowed = own("Allow", "*", "*");
        assertDenied(
                of(decrypt(), List.of(allowed, own("Deny", "kms:Decrypt", "*")), NONE),
                "with an explicit deny in an identity-based policy");
        assertDenied(
                of(decrypt(), List.of(own("Deny", "kms:*", "*")), key("Allow", ROLE, "kms:Decrypt")),
                "with an explicit deny in an identity-based policy");
        for (String principal : List.of(ROLE, ROOT, "111122223333", "*", CALLER.arn())) {
            assertDenied(
                    of(
                            decrypt(),
                            List.of(allowed),
                            key(keyStatement("Allow", ROLE, "kms:*"), keyStatement("Deny", principal, "kms:Decrypt"))),
                    "with an explicit deny in a resource-based policy");
        }
        assertAllowed(of(
                decrypt(),
                List.of(allowed),
                key(
                        keyStatement("Allow", ROLE, "kms:*"),
                        keyStatement("Deny", "arn:aws:iam::111122223333:role/Other", "kms:Decrypt"))));
    }

    @Test
    void aKeysPolicyThatNamesTheCallerIsEnough() {
        assertAllowed(of(decrypt(), List.of(), key("Allow", ROLE, "kms:Decrypt")));
        assertAllowed(of(decrypt(), List.of(), key("Allow", CALLER.arn(), "kms:Decrypt")));
        assertAllowed(of(decrypt(), List.of(), key("Allow", "*", "kms:Decrypt")));
    }

    @Test
    void withoutTheKeysOwnPolicyNoPolicyOfTheAccountHelps() {
        List<Policy> everything = List.of(own("Allow", "*", "*"));

        assertDenied(
                of(decrypt(), everything, key("Allow", "arn:aws:iam::111122223333:role/Other", "kms:Decrypt")),
                "because no resource-based policy allows the kms:Decrypt action");
        assertDenied(
                of(decrypt(), everything, key("Allow", "arn:aws:iam::444455556666:root", "kms:Decrypt")),
                "no resource-based policy");
    }

    @Test
    void aStatementForTheAccountLeavesToItsPoliciesWhatItListsAndNoMore() {
        for (String account : List.of(ROOT, "111122223333")) {
            assertAllowed(of(decrypt(), List.of(own("Allow", "kms:Decrypt", "*")), key("Allow", account, "kms:*")));
            assertDenied(of(decrypt(), List.of(), key("Allow", account, "kms:*")), "no identity-based policy");
            assertDenied(
                    of(decrypt(), List.of(own("Allow", "*", "*")), key("Allow", account, "kms:DescribeKey")),
                    "no resource-based policy");
        }
    }

    @Test
    void aKeysResourceIsTheKeyItself() {
        assertAllowed(of(decrypt(), List.of(), keyOn(KEY)));
        assertDenied(of(decrypt(), List.of(), keyOn(OTHER_KEY)), "no resource-based policy");
    }

    @Test
    void actionsAreMatchedWithoutCaseAndByWildcards() {
        for (String action : List.of("kms:decrypt", "kms:DECRYPT", "kms:De*", "kms:?ecrypt", "*")) {
            assertAllowed(of(decrypt(), List.of(own("Allow", action, KEY)), NONE));
        }
        for (String action : List.of("kms:Decryp", "kms:Decrypt?", "kms:*Key", "secretsmanager:*")) {
            assertDenied(of(decrypt(), List.of(own("Allow", action, KEY)), NONE), "no identity-based policy");
        }
    }

    @Test
    void resourcesAreMatchedPartByPart() {
        for (String resource : List.of(
                "*",
                "arn:aws:kms:*:111122223333:key/*",
                "arn:aws:kms:us-west-2:111122223333:key/1234abcd-????-34cd-56ef-1234567890ab",
                "arn:aws:kms:*:*:*")) {
            assertAllowed(of(decrypt(), List.of(own("Allow", "kms:Decrypt", resource)), NONE));
        }
        for (String resource : List.of(
                "arn:aws:kms:us-east-1:111122223333:key/*",
                // No wildcard reaches over a colon of the first five.
                "arn:aws:kms*key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "arn:aws:kms:us-west-2:111122223333:KEY/*")) {
            assertDenied(of(decrypt(), List.of(own("Allow", "kms:Decrypt", resource)), NONE), "no identity-based");
        }
    }

    @Test
    void aServiceTakesARoleThatTrustsIt() {
        AccessRequest assume =
                new AccessRequest(Caller.service("lambda.amazonaws.com"), "sts:AssumeRole", ROLE, Map.of());

        assertAllowed(of(assume, List.of(), trust("lambda.amazonaws.com")));
        assertDenied(of(assume, List.of(), trust("scheduler.amazonaws.com")), "no resource-based policy");
    }

    private static AccessRequest decrypt() {
        return new AccessRequest(CALLER, "kms:Decrypt", KEY, Map.of());
    }

    private static Verdict of(AccessRequest request, List<Policy> own, ResourcePolicy resource) {
        return Evaluation.of(request, own, resource);
    }

    private static Policy own(String effect, String action, String resource) {
        return Policy.ofIdentity("""
                {"Version":"2012-10-17","Statement":[{"Effect":"%s","Action":"%s","Resource":["%s"]}]}""".formatted(effect, action, resource));
    }

    private static String keyStatement(String effect, String principal, String action) {
        return """
                {"Sid":"a","Effect":"%s","Principal":{"AWS":"%s"},"Action":["%s"],"Resource":"*"}""".formatted(effect, principal, action);
    }

    private static ResourcePolicy key(String effect, String principal, String action) {
        return key(keyStatement(effect, principal, action));
    }

    private static ResourcePolicy keyOn(String resource) {
        return key(keyStatement("Allow", ROLE, "kms:Decrypt").replace("\"*\"", "\"" + resource + "\""));
    }

    private static ResourcePolicy key(String... statements) {
        return new ResourcePolicy.OfKey(
                Policy.ofKey("{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}"));
    }

    private static ResourcePolicy trust(String service) {
        return new ResourcePolicy.Trust(Policy.ofTrust("""
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"%s"},"Action":"sts:AssumeRole"}}""".formatted(service)));
    }

    private static void assertAllowed(Verdict verdict) {
        assertThat(verdict).isEqualTo(new Verdict.Allowed());
    }

    private static void assertDenied(Verdict verdict, String why) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Denied.class,
                        denied -> assertThat(denied.message()).contains(why));
    }
}
