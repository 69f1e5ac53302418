package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.standins.http.Request;
import finance.votis.sessions.standins.turnkey.Organization.AuthenticatorOwner;
import finance.votis.sessions.standins.turnkey.Organization.KeyOwner;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who sent a request. First what came, by itself and over the raw bytes; then whose it is, in an organisation. */
final class Authentication {
    private static final List<String> STAMP_HEADERS =
            List.of("X-Stamp", "X-Stamp-WebAuthn", "X-Stamp-Attested", "X-Session");

    /** What a request proves itself with. */
    sealed interface Proof {
        /** A stamp. It names a credential, which is then looked for in an organisation. */
        sealed interface Stamped extends Proof {}

        /** A stamp whose signature holds over the body. */
        record ByKey(Stamp stamp) implements Stamped {}

        /** A stamp in its form; its key is only known once its credential is found. */
        record ByPasskey(Assertion assertion) implements Stamped {}

        /** A bearer token, not yet looked at. */
        record Bearer(String token) implements Proof {}
    }

    /** The voter behind an activity. */
    record Caller(User user, VoteStamp stamp) {}

    private final World world;
    private final ReadOnlySessions sessions;

    Authentication(World world, ReadOnlySessions sessions) {
        this.world = world;
        this.sessions = sessions;
    }

    /** Checks 5 to 16, and the form of 35. */
    static Proof proof(Request request, boolean query) throws Refusal {
        List<String> present = STAMP_HEADERS.stream()
                .flatMap(name ->
                        Stream.generate(() -> name).limit(request.headers(name).size()))
                .toList();
        if (present.size() > 1) {
            throw Refusal.severalStamps(); // check 6, ours
        }
        if (present.isEmpty()) {
            throw query ? Refusal.noStampOnQuery() : Refusal.noStampOnActivity(); // check 5
        }
        String value = request.header(present.getFirst()).orElseThrow();
        return switch (present.getFirst()) {
            case "X-Stamp" -> new Proof.ByKey(stamp(value, request.body(), query));
            case "X-Stamp-WebAuthn" -> new Proof.ByPasskey(Assertion.parse(value, request.body()));
            case "X-Session" -> {
                if (!query) {
                    throw Refusal.noStampOnActivity(); // check 34
                }
                yield new Proof.Bearer(value);
            }
            default -> throw Refusal.malformedStamp(); // attested stamps are left out
        };
    }

    private static Stamp stamp(String value, byte[] body, boolean query) throws Refusal {
        Stamp stamp;
        try {
            stamp = Stamp.parse(value);
        } catch (CryptoException.MalformedStamp e) {
            throw switch (e.flaw()) {
                case NOT_BASE64URL -> Refusal.stampNotExtractable(); // checks 7 and 8
                case NOT_THE_JSON, SCHEME -> Refusal.malformedStamp(); // checks 7, 9 and 10
                case PUBLIC_KEY -> Refusal.keyNotFound(query); // checks 11 and 12
                case SIGNATURE_FORM -> Refusal.signatureInvalid(); // checks 13 and 15
            };
        }
        if (!stamp.signs(body)) {
            throw Refusal.signatureInvalid(); // checks 14 and 16
        }
        return stamp;
    }

    /** Checks 29, 30, 32, 33 and 35, for an activity in this organisation. */
    Caller caller(Proof proof, Organization organization) throws Refusal {
        if (!(proof instanceof Proof.Stamped stamped)) {
            throw Refusal.noStampOnActivity();
        }
        Optional<Caller> caller = find(stamped, organization);
        if (caller.isEmpty()) {
            Optional<Organization> parent = organization.parent();
            if (parent.isPresent() && knows(parent.get(), stamped)) {
                throw Refusal.organizationMismatch(
                        organization.id(), parent.get().id());
            }
            throw notFound(stamped, false);
        }
        return caller.get();
    }

    /** Checks 29 and 32 to 35, for a query about this organisation: its own users, and those of its parent. */
    User reader(Proof proof, Organization organization) throws Refusal {
        return switch (proof) {
            case Proof.Bearer(String token) -> {
                User user = sessions.user(token, world.instant()).orElseThrow(Refusal::sessionNotAccepted);
                boolean ofParent = organization.parent().equals(Optional.of(user.organization()));
                if (!user.organization().equals(organization) && !ofParent) {
                    throw Refusal.sessionNotAccepted();
                }
                yield user;
            }
            case Proof.Stamped stamped -> {
                Optional<Caller> caller = find(stamped, organization);
                if (caller.isEmpty() && organization.parent().isPresent()) {
                    caller = find(stamped, organization.parent().get());
                }
                yield caller.orElseThrow(() -> notFound(stamped, true)).user();
            }
        };
    }

    /** Check 31: whoami may name the parent, and is then found by its credential in one sub-organisation. */
    User whoami(Proof proof, Organization organization) throws Refusal {
        if (proof instanceof Proof.Stamped stamped
                && organization.parent().isEmpty()
                && !knows(organization, stamped)) {
            List<Organization> found = world.subOrganizationsOf(organization).stream()
                    .filter(sub -> knows(sub, stamped))
                    .toList();
            if (found.size() > 1) {
                throw switch (stamped) {
                    case Proof.ByKey key -> Refusal.keyInSeveralSubOrganizations();
                    case Proof.ByPasskey passkey -> Refusal.credentialInSeveralSubOrganizations();
                };
            }
            if (found.size() == 1) {
                return reader(proof, found.getFirst());
            }
        }
        return reader(proof, organization);
    }

    private static boolean knows(Organization organization, Proof.Stamped proof) {
        return switch (proof) {
            case Proof.ByKey(Stamp stamp) ->
                organization.owner(stamp.publicKey()).isPresent();
            case Proof.ByPasskey(Assertion assertion) ->
                organization.owner(assertion.credentialId()).isPresent();
        };
    }

    /** The user whose credential it is, if the organisation has it. */
    private Optional<Caller> find(Proof.Stamped proof, Organization organization) throws Refusal {
        return switch (proof) {
            case Proof.ByKey(Stamp stamp) -> {
                Optional<KeyOwner> owner = organization.owner(stamp.publicKey());
                if (owner.isPresent() && owner.get().key().isExpired(world.instant())) {
                    throw Refusal.keyExpired(); // check 32
                }
                yield owner.map(found -> new Caller(found.user(), VoteStamp.of(found.key(), stamp)));
            }
            case Proof.ByPasskey(Assertion assertion) -> {
                Optional<AuthenticatorOwner> owner = organization.owner(assertion.credentialId());
                if (owner.isPresent()) {
                    owner.get().authenticator().verify(assertion, organization.webAuthnOrigins()); // check 35
                }
                yield owner.map(found -> new Caller(found.user(), VoteStamp.of(found.authenticator(), assertion)));
            }
        };
    }

    private static Refusal notFound(Proof.Stamped proof, boolean query) {
        return switch (proof) {
            case Proof.ByKey key -> Refusal.keyNotFound(query);
            case Proof.ByPasskey passkey -> Refusal.credentialNotFound();
        };
    }
}
