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
import org.bouncycastle.asn1.DERSequence;
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
 * A certificate authority with one server, {@value #HOST}, for one rehearsal. There are two certificates, as a server that is its own
 * authority would be trusted without the checks that a real one takes. The JDK cannot make certificates by itself.
 */
final class LoopbackAuthority {

    static final String HOST = "localhost";

    private static final AlgorithmIdentifier ECDSA = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    private static final X500Name AUTHORITY = new X500Name("CN=Rehearsal");
    private static final X500Name SERVER = new X500Name("CN=" + HOST);

    private final SSLContext server;
    private final X509TrustManager trust;

    private LoopbackAuthority(SSLContext server, X509TrustManager trust) {
        this.server = server;
        this.trust = trust;
    }

    /** With key pairs that nothing holds but what is returned. */
    static LoopbackAuthority make(Supplier<SecureRandom> random) {
        try {
            KeyPair authorityKeys = newKeyPair(random.get());
            KeyPair serverKeys = newKeyPair(random.get());
            Certificate authority = certificate(
                    AUTHORITY,
                    authorityKeys,
                    authorityKeys.getPrivate(),
                    new Extension(
                            Extension.basicConstraints, true, new BasicConstraints(true).getEncoded(ASN1Encoding.DER)));
            Certificate certified = certificate(
                    SERVER,
                    serverKeys,
                    authorityKeys.getPrivate(),
                    new Extension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(new GeneralName(GeneralName.dNSName, HOST)).getEncoded(ASN1Encoding.DER)));
            return new LoopbackAuthority(server(serverKeys, certified), trust(authority));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("P-256 and TLS are part of every JDK", e);
        }
    }

    /** For the server's side. */
    SSLContext server() {
        return server;
    }

    /** For the client's side. */
    X509TrustManager trust() {
        return trust;
    }

    private static KeyPair newKeyPair(SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    /** RFC 5280, section 4.1. Valid at any time, so that it tells none. */
    private static Certificate certificate(X500Name subject, KeyPair keys, PrivateKey issuer, Extension extension)
            throws GeneralSecurityException, IOException {
        var generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(BigInteger.ONE));
        generator.setIssuer(AUTHORITY);
        generator.setSubject(subject);
        generator.setStartDate(new Time(new DERGeneralizedTime("19700101000000Z")));
        generator.setEndDate(new Time(new DERGeneralizedTime("99991231235959Z")));
        generator.setSubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
        generator.setSignature(ECDSA);
        generator.setExtensions(new Extensions(extension));
        TBSCertificate toBeSigned = generator.generateTBSCertificate();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(issuer);
        signature.update(toBeSigned.getEncoded(ASN1Encoding.DER));
        byte[] certificate = new DERSequence(
                        new ASN1Encodable[] {toBeSigned, ECDSA, new DERBitString(signature.sign())})
                .getEncoded(ASN1Encoding.DER);
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
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

    private static X509TrustManager trust(Certificate authority) throws GeneralSecurityException, IOException {
        KeyStore store = newStore();
        store.setCertificateEntry("authority", authority);
        var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(store);
        return (X509TrustManager) trustManagers.getTrustManagers()[0];
    }

    private static KeyStore newStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
