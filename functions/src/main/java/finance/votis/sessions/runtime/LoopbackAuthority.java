package finance.votis.sessions.runtime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Certificate authorities with one server each, {@value #HOST}, for one rehearsal. A chain has two certificates, as a server that is its own
 * authority would be trusted without the checks that a real one takes. The JDK cannot make certificates by itself.
 */
final class LoopbackAuthority {

    static final String HOST = "localhost";

    private static final X500Name SERVER = new X500Name("CN=" + HOST);

    private final Supplier<SecureRandom> random;
    private final Map<Counterpart.Chain, SSLContext> servers = new EnumMap<>(Counterpart.Chain.class);
    private final Map<Counterpart.Chain, Certificate> authorities = new EnumMap<>(Counterpart.Chain.class);

    private LoopbackAuthority(Supplier<SecureRandom> random) {
        this.random = random;
    }

    /** Nothing holds its key pairs but what it gives out. */
    static LoopbackAuthority make(Supplier<SecureRandom> random) {
        return new LoopbackAuthority(random);
    }

    /** For a server's side. A chain is made when it is first asked for: keys of RSA take their time. */
    SSLContext server(Counterpart.Chain chain) {
        return servers.computeIfAbsent(chain, this::newServer);
    }

    /** For the client's side: trusts the servers that there are by now. */
    X509TrustManager trust() {
        try {
            KeyStore store = newStore();
            for (Map.Entry<Counterpart.Chain, Certificate> authority : authorities.entrySet()) {
                store.setCertificateEntry(authority.getKey().name(), authority.getValue());
            }
            var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(store);
            return (X509TrustManager) trustManagers.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw notThere(e);
        }
    }

    private SSLContext newServer(Counterpart.Chain chain) {
        try {
            KeyPair authorityKeys = newKeyPair(chain);
            KeyPair serverKeys = newKeyPair(chain);
            X500Name authority = new X500Name("CN=Rehearsal " + chain);
            authorities.put(
                    chain,
                    certificate(
                            authority,
                            chain,
                            authority,
                            authorityKeys,
                            authorityKeys.getPrivate(),
                            new Extension(
                                    Extension.basicConstraints,
                                    true,
                                    new BasicConstraints(true).getEncoded(ASN1Encoding.DER))));
            Certificate certified = certificate(
                    authority,
                    chain,
                    SERVER,
                    serverKeys,
                    authorityKeys.getPrivate(),
                    new Extension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(new GeneralName(GeneralName.dNSName, HOST)).getEncoded(ASN1Encoding.DER)));
            return server(serverKeys, certified);
        } catch (GeneralSecurityException | IOException e) {
            throw notThere(e);
        }
    }

    private static IllegalStateException notThere(Exception e) {
        return new IllegalStateException("P-256, RSA and TLS are part of every JDK", e);
    }

    private KeyPair newKeyPair(Counterpart.Chain chain) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(chain.name());
        switch (chain) {
            case EC -> generator.initialize(new ECGenParameterSpec("secp256r1"), random.get());
            case RSA -> generator.initialize(2048, random.get());
        }
        return generator.generateKeyPair();
    }

    /** RFC 5280, section 4.1. Valid at any time, so that it tells none. */
    private static Certificate certificate(
            X500Name issuer,
            Counterpart.Chain chain,
            X500Name subject,
            KeyPair keys,
            PrivateKey signing,
            Extension extension)
            throws GeneralSecurityException, IOException {
        AlgorithmIdentifier algorithm = algorithm(chain);
        var generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(BigInteger.ONE));
        generator.setIssuer(issuer);
        generator.setSubject(subject);
        generator.setStartDate(new Time(new DERGeneralizedTime("19700101000000Z")));
        generator.setEndDate(new Time(new DERGeneralizedTime("99991231235959Z")));
        generator.setSubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
        generator.setSignature(algorithm);
        generator.setExtensions(new Extensions(extension));
        TBSCertificate toBeSigned = generator.generateTBSCertificate();
        Signature signature = Signature.getInstance(
                switch (chain) {
                    case EC -> "SHA256withECDSA";
                    case RSA -> "SHA256withRSA";
                });
        signature.initSign(signing);
        signature.update(toBeSigned.getEncoded(ASN1Encoding.DER));
        byte[] certificate = new DERSequence(
                        new ASN1Encodable[] {toBeSigned, algorithm, new DERBitString(signature.sign())})
                .getEncoded(ASN1Encoding.DER);
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
    }

    private static AlgorithmIdentifier algorithm(Counterpart.Chain chain) {
        return switch (chain) {
            case EC -> new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
            case RSA -> new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE);
        };
    }

    private static SSLContext server(KeyPair keys, Certificate certificate)
            throws GeneralSecurityException, IOException {
        char[] password = new char[0];
        KeyStore store = newStore();
        store.setKeyEntry(HOST, keys.getPrivate(), password, new Certificate[] {certificate});
        var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), null, null);
        return context;
    }

    private static KeyStore newStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
