package finance.votis.sessions.runner.vectors;

import finance.votis.sessions.crypto.CryptoException;
import finance.votis.sessions.crypto.Hpke;
import finance.votis.sessions.crypto.P256PrivateKey;
import finance.votis.sessions.crypto.P256PublicKey;
import finance.votis.sessions.crypto.SecretBytes;
import finance.votis.sessions.runner.vectors.VectorCase.MalformedCaseException;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** RFC 9180 in base mode: whole contexts, the KEM alone, the key schedule's context, and messages that must not open. */
final class HpkeCases implements Kind.Cases {

    private static final int MOST_MESSAGES = 1 << 16;

    @Override
    public boolean accepts(VectorCase toCheck) throws MalformedCaseException, CryptoException {
        return switch (toCheck.text("kind")) {
            case "base" -> {
                expectSuite(toCheck);
                expectKem(toCheck);
                expectKeySchedule(toCheck);
                expectMessages(toCheck);
                yield true;
            }
            case "kem" -> {
                toCheck.expect("kem_id", 0x0010);
                expectKem(toCheck);
                yield true;
            }
            case "keyScheduleContext" -> {
                expectKeyScheduleContext(toCheck);
                yield true;
            }
            case "open" -> {
                expectSuite(toCheck);
                open(toCheck);
                yield true;
            }
            default -> throw new MalformedCaseException("its kind is not known");
        };
    }

    private static void expectSuite(VectorCase toCheck) throws MalformedCaseException {
        toCheck.expect("mode", 0);
        toCheck.expect("kem_id", 0x0010);
        toCheck.expect("kdf_id", 0x0001);
        toCheck.expect("aead_id", 0x0002);
    }

    /** DeriveKeyPair of both sides, Encap and Decap; a case of DeriveKeyPair alone has the recipient only. */
    private static void expectKem(VectorCase toCheck) throws MalformedCaseException {
        try (P256PrivateKey skR = expectDerived(toCheck, "ikmR", "skRm", "pkRm")) {
            if (!toCheck.has("enc")) {
                return;
            }
            try (P256PrivateKey skE = expectDerived(toCheck, "ikmE", "skEm", "pkEm");
                    SecretBytes sent = Hpke.dangerouslyEncap(skR.publicKey(), skE);
                    SecretBytes received = Hpke.dangerouslyDecap(Inputs.uncompressed(toCheck, "enc"), skR)) {
                toCheck.expect("enc", skE.publicKey().uncompressedHex());
                toCheck.expect("shared_secret", sent.dangerouslyCopy());
                toCheck.expect("shared_secret", received.dangerouslyCopy());
            }
        }
    }

    private static P256PrivateKey expectDerived(VectorCase toCheck, String ikm, String privateKey, String publicKey)
            throws MalformedCaseException {
        try (SecretBytes material = SecretBytes.takeOver(toCheck.hex(ikm))) {
            P256PrivateKey derived = Hpke.deriveKeyPair(material);
            toCheck.expect(privateKey, Inputs.scalar(derived));
            toCheck.expect(publicKey, derived.publicKey().uncompressedHex());
            return derived;
        }
    }

    private static void expectKeySchedule(VectorCase toCheck) throws MalformedCaseException {
        try (SecretBytes sharedSecret = SecretBytes.takeOver(toCheck.hex("shared_secret"));
                Hpke.KeySchedule schedule = Hpke.dangerouslyKeySchedule(sharedSecret, toCheck.hex("info"))) {
            toCheck.expect("key_schedule_context", schedule.keyScheduleContext());
            toCheck.expect("secret", schedule.secret().dangerouslyCopy());
            toCheck.expect("key", schedule.key().dangerouslyCopy());
            toCheck.expect("base_nonce", schedule.baseNonce().dangerouslyCopy());
            toCheck.expect("exporter_secret", schedule.exporterSecret().dangerouslyCopy());
        }
    }

    /** Both sides go through all sequence numbers; the messages of the case are compared where they come. */
    private static void expectMessages(VectorCase toCheck) throws MalformedCaseException, CryptoException {
        SortedMap<Integer, VectorCase> messages = new TreeMap<>();
        for (VectorCase message : toCheck.objects("encryptions")) {
            int sequence = message.number("seq");
            if (sequence >= MOST_MESSAGES || messages.put(sequence, message) != null) {
                throw new MalformedCaseException("a seq is there twice, or is " + MOST_MESSAGES + " or more");
            }
        }
        byte[] info = toCheck.hex("info");
        try (P256PrivateKey skE = Inputs.privateKey(toCheck, "skEm");
                P256PrivateKey skR = Inputs.privateKey(toCheck, "skRm");
                Hpke.SealContext sender = Hpke.dangerouslySetupBaseS(skR.publicKey(), info, skE);
                Hpke.OpenContext recipient = Hpke.setupBaseR(Inputs.uncompressed(toCheck, "enc"), skR, info)) {
            byte[] nothing = {};
            int last = messages.isEmpty() ? -1 : messages.lastKey();
            for (int sequence = 0; sequence <= last; sequence++) {
                VectorCase message = messages.get(sequence);
                byte[] aad = message == null ? nothing : message.hex("aad");
                byte[] pt = message == null ? nothing : message.hex("pt");
                byte[] ct = sender.seal(aad, pt);
                try (SecretBytes opened = recipient.open(aad, ct)) {
                    if (message != null) {
                        message.expect("ct", ct);
                        message.expect("pt", opened.dangerouslyCopy());
                        message.expect("nonce", nonce(toCheck.hex("base_nonce"), sequence));
                    }
                }
            }
            for (VectorCase export : toCheck.objects("exports")) {
                byte[] context = export.hex("exporter_context");
                try (SecretBytes sent = sender.export(context, export.number("L"));
                        SecretBytes received = recipient.export(context, export.number("L"))) {
                    export.expect("exported_value", sent.dangerouslyCopy());
                    export.expect("exported_value", received.dangerouslyCopy());
                }
                toCheck.include("exports", export);
            }
        }
        for (Map.Entry<Integer, VectorCase> message : messages.entrySet()) {
            toCheck.include("encryptions " + message.getKey(), message.getValue());
        }
    }

    private static byte[] nonce(byte[] baseNonce, int sequence) {
        byte[] nonce = baseNonce.clone();
        for (int i = 0; i < Integer.BYTES; i++) {
            nonce[nonce.length - 1 - i] ^= (byte) (sequence >>> (8 * i));
        }
        return nonce;
    }

    /** The two constants of @turnkey/crypto are what LabeledExpand (section 4) puts before the counter. */
    private static void expectKeyScheduleContext(VectorCase toCheck) throws MalformedCaseException {
        byte[] context = Hpke.keyScheduleContext(toCheck.hex("info"));
        toCheck.expect("key_schedule_context", context);
        toCheck.expect("labeledInfoKey", labeledInfo(32, "key", context));
        toCheck.expect("labeledInfoBaseNonce", labeledInfo(12, "base_nonce", context));
    }

    private static byte[] labeledInfo(int length, String label, byte[] context) {
        ByteArrayOutputStream labeled = new ByteArrayOutputStream();
        labeled.writeBytes(new byte[] {0, (byte) length});
        labeled.writeBytes(VectorCase.utf8("HPKE-v1HPKE"));
        labeled.writeBytes(new byte[] {0x00, 0x10, 0x00, 0x01, 0x00, 0x02});
        labeled.writeBytes(VectorCase.utf8(label));
        labeled.writeBytes(context);
        return labeled.toByteArray();
    }

    private static void open(VectorCase toCheck) throws MalformedCaseException, CryptoException {
        if (toCheck.number("seq") != 0) {
            throw new MalformedCaseException("only a first message can be opened alone");
        }
        try (P256PrivateKey skR = Inputs.privateKey(toCheck, "skRm")) {
            toCheck.expect("pkRm", skR.publicKey().uncompressedHex());
            byte[] aad = toCheck.hex("aad");
            byte[] ct = toCheck.hex("ct");
            byte[] info = toCheck.hex("info");
            P256PublicKey enc = P256PublicKey.fromUncompressedHex(toCheck.text("enc"));
            try (Hpke.OpenContext context = Hpke.setupBaseR(enc, skR, info)) {
                context.open(aad, ct).close();
            }
        }
    }
}
