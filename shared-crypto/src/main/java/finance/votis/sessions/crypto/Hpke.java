package finance.votis.sessions.crypto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * HPKE (RFC 9180) in base mode for the one suite that Turnkey uses: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Methods
 * have the names of the RFC's operations; Diffie-Hellman is the seam {@link DiffieHellman}.
 *
 * <p>Each context encrypts a message or a few under a key of its own. BouncyCastle's AES and GHASH read tables by secret indices,
 * which a process on the same core could observe through the cache; such keys live for one message.
 */
public final class Hpke {

    // Sizes in bytes, by the RFC's names (sections 7.1 to 7.3).
    private static final int N_DH = 32;
    private static final int N_SK = 32;
    private static final int N_SECRET = 32;
    private static final int N_H = 32;
    private static final int N_K = 32;
    private static final int N_N = 12;
    private static final int N_T = 16;

    private static final byte MODE_BASE = 0x00;
    private static final byte[] EMPTY = {};
    private static final byte[] VERSION = ascii("HPKE-v1");
    /** "KEM" and kem_id 0x0010 (section 4.1). */
    private static final byte[] KEM_SUITE = {'K', 'E', 'M', 0x00, 0x10};
    /** "HPKE", kem_id 0x0010, kdf_id 0x0001, aead_id 0x0002 (section 5.1). */
    private static final byte[] HPKE_SUITE = {'H', 'P', 'K', 'E', 0x00, 0x10, 0x00, 0x01, 0x00, 0x02};

    private Hpke() {}

    /** DeriveKeyPair (section 7.1.3). The input key material stays the caller's; it should have 32 random bytes at least. */
    public static P256PrivateKey deriveKeyPair(SecretBytes ikm) {
        byte[] material = ikm.dangerouslyCopy();
        byte[] prk = labeledExtract(KEM_SUITE, EMPTY, "dkp_prk", material);
        try {
            for (int counter = 0; counter < 256; counter++) {
                // The bitmask of P-256 is 0xff: all bits of the candidate count.
                byte[] candidate = labeledExpand(KEM_SUITE, prk, "candidate", new byte[] {(byte) counter}, N_SK);
                try {
                    return P256PrivateKey.fromScalar(SecretBytes.takeOver(candidate));
                } catch (CryptoException.BadScalar outOfRange) {
                    // The next candidate, then.
                }
            }
            throw new IllegalStateException("DeriveKeyPairError: no candidate in range, which has a chance of 2^-8192");
        } finally {
            wipe(material, prk);
        }
    }

    /** SetupBaseS (section 5.1.1): a fresh ephemeral key from the given source. */
    public static SealContext setupBaseS(P256PublicKey pkR, byte[] info, SecureRandom random) {
        try (P256PrivateKey skE = P256PrivateKey.generate(random)) {
            return dangerouslySetupBaseS(pkR, info, skE);
        }
    }

    /** SetupBaseS with a chosen ephemeral key, for known answers: the same key twice gives the same key stream twice. */
    public static SealContext dangerouslySetupBaseS(P256PublicKey pkR, byte[] info, P256PrivateKey skE) {
        try (SecretBytes sharedSecret = dangerouslyEncap(pkR, skE);
                KeySchedule schedule = dangerouslyKeySchedule(sharedSecret, info)) {
            return new SealContext(skE.publicKey(), new Context(schedule));
        }
    }

    /**
     * SetupBaseR (section 5.1.1). Any {@code enc} that is a public key gives a context: whether it is the right one shows at the first
     * {@link OpenContext#open}.
     *
     * @throws IOException if the recipient's key is in hardware that did not answer
     */
    public static OpenContext setupBaseR(P256PublicKey enc, DiffieHellman skR, byte[] info) throws IOException {
        try (SecretBytes sharedSecret = dangerouslyDecap(enc, skR)) {
            return openContext(sharedSecret, info);
        }
    }

    /** SetupBaseR (section 5.1.1) with a key in memory. */
    public static OpenContext setupBaseR(P256PublicKey enc, P256PrivateKey skR, byte[] info) {
        try (SecretBytes sharedSecret = dangerouslyDecap(enc, skR)) {
            return openContext(sharedSecret, info);
        }
    }

    private static OpenContext openContext(SecretBytes sharedSecret, byte[] info) {
        try (KeySchedule schedule = dangerouslyKeySchedule(sharedSecret, info)) {
            return new OpenContext(new Context(schedule));
        }
    }

    /** Encap (section 4.1) with a chosen ephemeral key: the shared secret; {@code enc} is the public half of the key. */
    public static SecretBytes dangerouslyEncap(P256PublicKey pkR, P256PrivateKey skE) {
        try (SecretBytes dh = skE.sharedSecret(pkR)) {
            return extractAndExpand(dh, skE.publicKey(), pkR);
        }
    }

    /**
     * Decap (section 4.1).
     *
     * @throws IOException if the recipient's key is in hardware that did not answer, or not with 32 bytes
     */
    public static SecretBytes dangerouslyDecap(P256PublicKey enc, DiffieHellman skR) throws IOException {
        try (SecretBytes dh = skR.sharedSecret(enc)) {
            if (dh.length() != N_DH) {
                // A lost leading zero would else be a bundle in 256 that does not open.
                throw new IOException("a shared secret of P-256 has 32 bytes");
            }
            return extractAndExpand(dh, enc, skR.publicKey());
        }
    }

    /** Decap (section 4.1) with a key in memory. */
    public static SecretBytes dangerouslyDecap(P256PublicKey enc, P256PrivateKey skR) {
        try (SecretBytes dh = skR.sharedSecret(enc)) {
            return extractAndExpand(dh, enc, skR.publicKey());
        }
    }

    /** ExtractAndExpand (section 4.1) with kem_context = enc, pkRm. */
    private static SecretBytes extractAndExpand(SecretBytes dh, P256PublicKey enc, P256PublicKey pkR) {
        byte[] dhBytes = dh.dangerouslyCopy();
        byte[] eaePrk = labeledExtract(KEM_SUITE, EMPTY, "eae_prk", dhBytes);
        try {
            byte[] kemContext = concat(enc.uncompressed(), pkR.uncompressed());
            return SecretBytes.takeOver(labeledExpand(KEM_SUITE, eaePrk, "shared_secret", kemContext, N_SECRET));
        } finally {
            wipe(dhBytes, eaePrk);
        }
    }

    /** KeySchedule (section 5.1) in base mode: psk and psk_id are empty. */
    public static KeySchedule dangerouslyKeySchedule(SecretBytes sharedSecret, byte[] info) {
        byte[] keyScheduleContext = keyScheduleContext(info);
        byte[] shared = sharedSecret.dangerouslyCopy();
        byte[] secret = labeledExtract(HPKE_SUITE, shared, "secret", EMPTY);
        wipe(shared);
        return new KeySchedule(
                keyScheduleContext,
                SecretBytes.takeOver(secret),
                SecretBytes.takeOver(labeledExpand(HPKE_SUITE, secret, "key", keyScheduleContext, N_K)),
                SecretBytes.takeOver(labeledExpand(HPKE_SUITE, secret, "base_nonce", keyScheduleContext, N_N)),
                SecretBytes.takeOver(labeledExpand(HPKE_SUITE, secret, "exp", keyScheduleContext, N_H)));
    }

    /** key_schedule_context (section 5.1): the mode and the hashes of psk_id and info. It holds no secret. */
    public static byte[] keyScheduleContext(byte[] info) {
        byte[] pskIdHash = labeledExtract(HPKE_SUITE, EMPTY, "psk_id_hash", EMPTY);
        byte[] infoHash = labeledExtract(HPKE_SUITE, EMPTY, "info_hash", info);
        return concat(new byte[] {MODE_BASE}, pskIdHash, infoHash);
    }

    /** LabeledExtract (section 4). */
    static byte[] labeledExtract(byte[] suiteId, byte[] salt, String label, byte[] ikm) {
        byte[] labeledIkm = concat(VERSION, suiteId, ascii(label), ikm);
        try {
            return extract(salt, labeledIkm);
        } finally {
            wipe(labeledIkm);
        }
    }

    /** LabeledExpand (section 4). */
    static byte[] labeledExpand(byte[] suiteId, byte[] prk, String label, byte[] info, int length) {
        return expand(prk, labeledInfo(suiteId, label, info, length), length);
    }

    static byte[] labeledInfo(byte[] suiteId, String label, byte[] info, int length) {
        byte[] l = {(byte) (length >> 8), (byte) length};
        return concat(l, VERSION, suiteId, ascii(label), info);
    }

    /** HKDF-Extract with SHA-256 (RFC 5869, 2.2). */
    private static byte[] extract(byte[] salt, byte[] ikm) {
        // HMAC pads its key with zeros, so an empty salt is the salt of zeros that the RFC asks for.
        return hmac(salt, ikm);
    }

    /** HKDF-Expand with SHA-256 (RFC 5869, 2.3). */
    private static byte[] expand(byte[] prk, byte[] info, int length) {
        byte[] okm = new byte[length];
        byte[] t = EMPTY;
        int done = 0;
        for (int i = 1; done < length; i++) {
            byte[] input = concat(t, info, new byte[] {(byte) i});
            wipe(t);
            t = hmac(prk, input);
            wipe(input);
            int taken = Math.min(t.length, length - done);
            System.arraycopy(t, 0, okm, done, taken);
            done += taken;
        }
        wipe(t);
        return okm;
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        HMac hmac = new HMac(new SHA256Digest());
        hmac.init(new KeyParameter(key));
        hmac.update(message, 0, message.length);
        byte[] mac = new byte[N_H];
        hmac.doFinal(mac, 0);
        return mac;
    }

    private static byte[] ascii(String label) {
        return label.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }

    private static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** What KeySchedule makes (section 5.1), named as there. It owns its secrets and wipes them on close. */
    public static final class KeySchedule implements AutoCloseable {
        private final byte[] keyScheduleContext;
        private final SecretBytes secret;
        private final SecretBytes key;
        private final SecretBytes baseNonce;
        private final SecretBytes exporterSecret;

        private KeySchedule(
                byte[] keyScheduleContext,
                SecretBytes secret,
                SecretBytes key,
                SecretBytes baseNonce,
                SecretBytes exporterSecret) {
            this.keyScheduleContext = keyScheduleContext;
            this.secret = secret;
            this.key = key;
            this.baseNonce = baseNonce;
            this.exporterSecret = exporterSecret;
        }

        /** Not secret. */
        public byte[] keyScheduleContext() {
            return keyScheduleContext.clone();
        }

        /** Lives as long as this; so do the others. */
        public SecretBytes secret() {
            return secret;
        }

        public SecretBytes key() {
            return key;
        }

        public SecretBytes baseNonce() {
            return baseNonce;
        }

        public SecretBytes exporterSecret() {
            return exporterSecret;
        }

        @Override
        public void close() {
            secret.close();
            key.close();
            baseNonce.close();
            exporterSecret.close();
        }

        @Override
        public String toString() {
            return "KeySchedule[<redacted>]";
        }
    }

    /** The sender's side of a context (section 5.2). Not thread-safe: messages have an order. */
    public static final class SealContext implements AutoCloseable {
        private final P256PublicKey enc;
        private final Context context;

        private SealContext(P256PublicKey enc, Context context) {
            this.enc = enc;
            this.context = context;
        }

        /** The encapsulated key, for the recipient. */
        public P256PublicKey enc() {
            return enc;
        }

        /**
         * ContextS.Seal (section 5.2): the ciphertext with its tag of 16 bytes behind.
         *
         * @throws IllegalStateException if the context is closed or has sealed all that it may
         */
        public byte[] seal(byte[] aad, byte[] pt) {
            try {
                byte[] ct = context.gcm(true, aad, pt);
                context.incrementSequence();
                return ct;
            } catch (InvalidCipherTextException impossible) {
                throw new IllegalStateException("sealing cannot fail");
            }
        }

        /** Context.Export (section 5.3), 0 to 8160 bytes. */
        public SecretBytes export(byte[] exporterContext, int length) {
            return context.export(exporterContext, length);
        }

        void dangerouslySkipTo(long sequence) {
            context.sequence = sequence;
        }

        @Override
        public void close() {
            context.close();
        }

        @Override
        public String toString() {
            return "SealContext[<redacted>]";
        }
    }

    /** The recipient's side of a context (section 5.2). Not thread-safe: messages have an order. */
    public static final class OpenContext implements AutoCloseable {
        private final Context context;

        private OpenContext(Context context) {
            this.context = context;
        }

        /**
         * ContextR.Open (section 5.2). The sequence number moves on only if the message opened.
         *
         * @param ct ciphertext with its tag behind
         * @throws IllegalStateException if the context is closed or has opened all that it may
         */
        public SecretBytes open(byte[] aad, byte[] ct) throws CryptoException.DoesNotOpen {
            byte[] pt;
            try {
                pt = context.gcm(false, aad, ct);
            } catch (InvalidCipherTextException doesNotTellWhy) {
                throw new CryptoException.DoesNotOpen();
            }
            context.incrementSequence();
            return SecretBytes.takeOver(pt);
        }

        /** Context.Export (section 5.3), 0 to 8160 bytes. */
        public SecretBytes export(byte[] exporterContext, int length) {
            return context.export(exporterContext, length);
        }

        void dangerouslySkipTo(long sequence) {
            context.sequence = sequence;
        }

        @Override
        public void close() {
            context.close();
        }

        @Override
        public String toString() {
            return "OpenContext[<redacted>]";
        }
    }

    private static final class Context {
        private final SecretBytes key;
        private final SecretBytes baseNonce;
        private final SecretBytes exporterSecret;
        private long sequence;

        Context(KeySchedule schedule) {
            this.key = SecretBytes.takeOver(schedule.key().dangerouslyCopy());
            this.baseNonce = SecretBytes.takeOver(schedule.baseNonce().dangerouslyCopy());
            this.exporterSecret = SecretBytes.takeOver(schedule.exporterSecret().dangerouslyCopy());
        }

        /** ComputeNonce (section 5.2): base_nonce XOR I2OSP(seq, Nn). */
        private byte[] computeNonce() {
            byte[] nonce = baseNonce.dangerouslyCopy();
            for (int i = 0; i < Long.BYTES; i++) {
                nonce[N_N - 1 - i] ^= (byte) (sequence >>> (8 * i));
            }
            return nonce;
        }

        /** IncrementSeq (section 5.2). Its limit is 2^96 - 1 messages; ours is that of a long. */
        void incrementSequence() {
            sequence++;
        }

        byte[] gcm(boolean seal, byte[] aad, byte[] input) throws InvalidCipherTextException {
            if (sequence == Long.MAX_VALUE) {
                throw new IllegalStateException("MessageLimitReached: this context has done all its messages");
            }
            if (!seal && input.length < N_T) {
                throw new InvalidCipherTextException();
            }
            byte[] keyBytes = key.dangerouslyCopy();
            byte[] nonce = computeNonce();
            byte[] output = new byte[seal ? input.length + N_T : input.length - N_T];
            boolean done = false;
            try {
                GCMModeCipher gcm = GCMBlockCipher.newInstance(AESEngine.newInstance());
                gcm.init(seal, new AEADParameters(new KeyParameter(keyBytes), 8 * N_T, nonce, aad));
                int written = gcm.processBytes(input, 0, input.length, output, 0);
                gcm.doFinal(output, written);
                done = true;
                return output;
            } finally {
                wipe(keyBytes, nonce);
                if (!done) {
                    // GCM decrypts before it has seen the tag.
                    wipe(output);
                }
            }
        }

        SecretBytes export(byte[] exporterContext, int length) {
            if (length < 0 || length > 255 * N_H) {
                throw new IllegalArgumentException("an export has 0 to 8160 bytes");
            }
            byte[] secret = exporterSecret.dangerouslyCopy();
            try {
                return SecretBytes.takeOver(labeledExpand(HPKE_SUITE, secret, "sec", exporterContext, length));
            } finally {
                wipe(secret);
            }
        }

        void close() {
            key.close();
            baseNonce.close();
            exporterSecret.close();
        }
    }
}
