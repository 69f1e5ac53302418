package finance.votis.sessions.standins.turnkey;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecord;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.EC2COSEKey;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.server.AnyOriginPredicate;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.util.exception.WebAuthnException;
import finance.votis.sessions.crypto.P256PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;

/** A registered passkey or security key, with the count of its assertions. Guarded by its {@link World}. */
final class Authenticator {
    static final String TYPE = "CREDENTIAL_TYPE_WEBAUTHN_AUTHENTICATOR";

    private static final ObjectConverter CONVERTER = new ObjectConverter();
    private static final WebAuthnManager WEBAUTHN = WebAuthnManager.createNonStrictWebAuthnManager(CONVERTER);

    private final String id;
    private final String name;
    private final Instant createdAt;
    private final String rpId;
    private final AttestedCredentialData credential;
    private final CredentialRecord record;

    Authenticator(
            String id, String name, byte[] credentialId, P256PublicKey publicKey, String rpId, Instant createdAt) {
        this.id = id;
        this.name = name;
        this.createdAt = createdAt;
        this.rpId = rpId;
        this.credential = new AttestedCredentialData(
                AAGUID.ZERO, credentialId, EC2COSEKey.createFromUncompressedECCKey(publicKey.uncompressed()));
        this.record = new CredentialRecordImpl(
                new NoneAttestationStatement(), null, null, null, 0, credential, null, null, null, null);
    }

    /**
     * The rest of check 35 (W3C WebAuthn Level 3, section 7.2): type, challenge, origin, RP id, presence, signature, and a counter that grows
     * unless it stays 0. Ours: a user who is only present will do, since Turnkey's stamper asks for verification as "preferred"; and the same
     * assertion of an authenticator that counts is refused the second time.
     *
     * @param origins those that are allowed; any if it is empty
     */
    void verify(Assertion assertion, Set<String> origins) throws Refusal {
        ServerProperty.Builder server = ServerProperty.builder().rpId(rpId).challenge(assertion.challenge());
        if (origins.isEmpty()) {
            server.originPredicate(new AnyOriginPredicate());
        } else {
            server.origins(origins.stream().map(Origin::create).collect(Collectors.toSet()));
        }
        try {
            WEBAUTHN.verify(
                    assertion.request(),
                    new AuthenticationParameters(
                            server.build(), record, List.of(credential.getCredentialId()), false, true));
        } catch (WebAuthnException | JacksonException notItsOwn) { // the latter where it does not read
            throw Refusal.webauthnSignatureInvalid();
        }
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    Instant createdAt() {
        return createdAt;
    }

    /** In base64url. */
    String credentialId() {
        return Assertion.base64(credential.getCredentialId());
    }

    /** A COSE key in base64url. */
    String publicKey() {
        return Assertion.base64(CONVERTER.getCborMapper().writeValueAsBytes(credential.getCOSEKey()));
    }
}
