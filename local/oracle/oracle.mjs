// Turnkey's own packages as the oracle: `node oracle.mjs STEP` reads the step's input as JSON from standard input, since
// there are keys in it, and prints what came of it as one line of JSON, in which there are none.
import { ApiKeyStamper } from "@turnkey/api-key-stamper";
import {
  computeActivityFingerprint,
  decryptCredentialBundle,
  generateP256KeyPair,
  getPublicKey,
  uncompressRawPublicKey,
  verifyStampSignature,
} from "@turnkey/crypto";
import { Turnkey } from "@turnkey/sdk-server";
import { text } from "node:stream/consumers";

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (hexText) => new Uint8Array(Buffer.from(hexText, "hex"));

const client = ({ turnkeyUrl, organizationId, publicKey, privateKey }) =>
  new Turnkey({
    apiBaseUrl: turnkeyUrl,
    defaultOrganizationId: organizationId,
    apiPublicKey: publicKey,
    apiPrivateKey: privateKey,
  }).apiClient();

/** A phone's half: what it makes, what it sends, and what it does with the bundle that comes back. */
function phone() {
  const pair = generateP256KeyPair();
  return {
    targetPublicKey: hex(uncompressRawPublicKey(bytes(pair.publicKey))),
    open(bundle) {
      const privateKey = decryptCredentialBundle(bundle, pair.privateKey);
      return { privateKey, publicKey: hex(getPublicKey(bytes(privateKey), true)) };
    },
  };
}

const steps = {
  /** The sdk asks who it is. */
  async whoami(input) {
    const { organizationId, userId } = await client(input).getWhoami();
    return { organizationId, userId };
  },

  /** The sdk makes a session with the key it is given, opens it and uses it. */
  async session(input) {
    const made = phone();
    const result = await client(input).createReadWriteSession({
      targetPublicKey: made.targetPublicKey,
      userId: input.userId,
      apiKeyName: "oracle",
      expirationSeconds: "600",
    });
    const session = made.open(result.credentialBundle);
    const used = await steps.whoami({ ...input, ...session });
    const { apiKeys } = await client({ ...input, ...session }).getApiKeys({ userId: result.userId });
    const { activity, organizationId, userId, apiKeyId } = result;
    return {
      fingerprint: activity.fingerprint,
      organizationId,
      userId,
      publicKey: session.publicKey,
      used,
      key: apiKeys.find((key) => key.apiKeyId === apiKeyId).credential,
    };
  },

  /** The phone's session by our route, opened and used by Turnkey's packages. */
  async route({ apiUrl, token, turnkeyUrl }) {
    const made = phone();
    const answer = await fetch(`${apiUrl}/v1/sessions/read-write`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ targetPublicKey: made.targetPublicKey }),
    });
    if (answer.status !== 201) {
      return { status: answer.status };
    }
    const { credentialBundle, organizationId, userId } = await answer.json();
    const session = made.open(credentialBundle);
    const used = await steps.whoami({ turnkeyUrl, organizationId, ...session });
    return { status: answer.status, organizationId, userId, used };
  },

  /** Opens a bundle with a target key. */
  async open({ bundle, privateKey }) {
    const opened = decryptCredentialBundle(bundle, privateKey);
    return { publicKey: hex(getPublicKey(bytes(opened), true)) };
  },

  /** Checks a stamp of ours as the documentation of verifyStampSignature shows. */
  async verify({ stamp, body }) {
    const { publicKey, signature, scheme } = JSON.parse(Buffer.from(stamp, "base64url").toString("utf8"));
    return { scheme, publicKey, verifies: await verifyStampSignature(publicKey, signature, body) };
  },

  /** Makes a stamp for us to check, and the fingerprint of the same body. */
  async stamp({ publicKey, privateKey, body }) {
    const stamper = new ApiKeyStamper({ apiPublicKey: publicKey, apiPrivateKey: privateKey });
    const { stampHeaderName, stampHeaderValue } = await stamper.stamp(body);
    return { stampHeaderName, stampHeaderValue, fingerprint: await computeActivityFingerprint(body) };
  },
};

const step = steps[process.argv[2]];
const input = JSON.parse(await text(process.stdin));
try {
  console.log(JSON.stringify(await step(input)));
} catch (error) {
  // Of an error only its name and code: texts of these packages may repeat what they were given.
  console.log(JSON.stringify({ error: error.constructor.name, code: error.code ?? null }));
  process.exitCode = 1;
}
