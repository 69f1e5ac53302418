package finance.votis.sessions.standins.turnkey;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.Stamp;
import finance.votis.sessions.standins.http.Request;
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
        /** A stamp whose signature holds over the body. */
        record Stamped(Stamp stamp) implements Proof {}

        /** A bearer token, not yet looked at. */
        record Bearer(String token) implements Proof {}
    }

    /** The voter behind an activity. */
    record Caller(User user, ApiKey key, Stamp stamp) {}

    private final World world;
    private final ReadOnlySessions sessions;

    Authentication(World world, ReadOnlySessions sessions) {
        this.world = world;
        this.sessions = sessions;
    }

    /** Checks 5 to 16. */
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
            case "X-Stamp" -> new Proof.Stamped(stamp(value, request.body(), query));
            case "X-Session" -> {
                if (!query) {
                    throw Refusal.noStampOnActivity(); // check 34
                }
                yield new Proof.Bearer(value);
            }
            case "X-Stamp-WebAuthn" -> throw Refusal.webauthnStampNotExtractable(); // check 35 is left out
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

    /** Checks 29, 30, 32 and 33, for an activity in this organisation. */
    Caller caller(Proof proof, Organization organization) throws Refusal {
        if (!(proof instanceof Proof.Stamped(Stamp stamp))) {
            throw Refusal.noStampOnActivity();
        }
        Optional<KeyOwner> owner = organization.owner(stamp.publicKey());
        if (owner.isEmpty()) {
            Optional<Organization> parent = organization.parent();
            if (parent.isPresent() && parent.get().owner(stamp.publicKey()).isPresent()) {
                throw Refusal.organizationMismatch(
                        organization.id(), parent.get().id());
            }
            throw Refusal.keyNotFound(false);
        }
        ApiKey key = alive(owner.get().key());
        return new Caller(owner.get().user(), key, stamp);
    }

    /** Checks 29 and 32 to 34, for a query about this organisation: its own users, and those of its parent. */
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
            case Proof.Stamped(Stamp stamp) -> {
                KeyOwner owner = organization
                        .owner(stamp.publicKey())
                        .or(() -> organization.parent().flatMap(parent -> parent.owner(stamp.publicKey())))
                        .orElseThrow(() -> Refusal.keyNotFound(true));
                alive(owner.key());
                yield owner.user();
            }
        };
    }

    /** Check 31: whoami may name the parent, and is then found by its key in one sub-organisation. */
    User whoami(Proof proof, Organization organization) throws Refusal {
        if (proof instanceof Proof.Stamped(Stamp stamp)
                && organization.parent().isEmpty()
                && organization.owner(stamp.publicKey()).isEmpty()) {
            List<KeyOwner> found = world.subOrganizationsOf(organization).stream()
                    .flatMap(sub -> sub.owner(stamp.publicKey()).stream())
                    .toList();
            if (found.size() > 1) {
                throw Refusal.keyInSeveralSubOrganizations();
            }
            if (found.size() == 1) {
                alive(found.getFirst().key());
                return found.getFirst().user();
            }
        }
        return reader(proof, organization);
    }

    private ApiKey alive(ApiKey key) throws Refusal {
        if (key.isExpired(world.instant())) {
            throw Refusal.keyExpired();
        }
        return key;
    }
}
