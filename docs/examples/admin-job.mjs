// An admin job that uses a server session, with official packages only (the versions that this was tested with are in
// local/oracle/package.json):
//
//   npm install @aws-sdk/client-secrets-manager @aws-sdk/client-kms @turnkey/sdk-server
//   SECRET_ARN=… WRAPPING_KEY_ARN=… ORGANIZATION_ID=… SESSION=nightly node admin-job.mjs
//
// The two ARNs are outputs of the stack. Credentials of AWS are found as the AWS SDK finds them.
import { DecryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Turnkey } from "@turnkey/sdk-server";
import { createECDH } from "node:crypto";

const setting = (name, otherwise) => {
  const value = process.env[name] ?? otherwise;
  if (!value) {
    throw new Error(`${name} is not set`);
  }
  return value;
};
const SECRET_ARN = setting("SECRET_ARN");
const WRAPPING_KEY_ARN = setting("WRAPPING_KEY_ARN");
const ORGANIZATION_ID = setting("ORGANIZATION_ID");
const SESSION = setting("SESSION");
const TURNKEY_BASE_URL = setting("TURNKEY_BASE_URL", "https://api.turnkey.com");

const region = SECRET_ARN.split(":")[3];
const secrets = new SecretsManagerClient({ region });
const kms = new KMSClient({ region });

/** The version at AWSCURRENT, the one stage that a job may read. */
async function readSession() {
  const version = await secrets.send(new GetSecretValueCommand({ SecretId: SECRET_ARN, VersionStage: "AWSCURRENT" }));
  const { state, publicKey, wrapped } = JSON.parse(version.SecretString);
  if (state !== "credential") {
    throw new Error(`the server session ${SESSION} cannot be used: its secret's current version is no credential`);
  }
  const { Plaintext: plaintext } = await kms.send(
    new DecryptCommand({
      KeyId: WRAPPING_KEY_ARN,
      CiphertextBlob: Buffer.from(wrapped, "base64"),
      EncryptionContext: {
        app: "votis-sessions",
        purpose: "credential",
        organization: ORGANIZATION_ID,
        session: SESSION,
        publicKey,
      },
    }),
  );
  // 32 bytes of the private key, then JSON.
  const privateKey = Buffer.from(plaintext.subarray(0, 32));
  const { expiresAt } = JSON.parse(Buffer.from(plaintext.subarray(32)).toString("utf8"));
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(privateKey);
  if (pair.getPublicKey("hex", "compressed") !== publicKey) {
    throw new Error(`the server session ${SESSION} cannot be used: its key is not the one that the secret names`);
  }
  if (Date.parse(expiresAt) <= Date.now()) {
    throw new Error(`the server session ${SESSION} is over since ${expiresAt} and was not renewed`);
  }
  return { publicKey, privateKey: privateKey.toString("hex"), expiresAt };
}

let inHand;

/** Makes the call with the session. Where Turnkey knows the key no more, the session is read once more. */
async function withSession(call) {
  if (!inHand || Date.parse(inHand.expiresAt) <= Date.now()) {
    inHand = await readSession();
  }
  const used = inHand;
  try {
    return await call(client(used));
  } catch (error) {
    const codes = (error.details ?? []).map((detail) => detail.turnkeyErrorCode);
    if (!codes.includes("PUBLIC_KEY_NOT_FOUND") && !codes.includes("API_KEY_EXPIRED")) {
      throw error;
    }
    inHand = await readSession();
    if (inHand.publicKey === used.publicKey) {
      throw error;
    }
    return await call(client(inHand));
  }
}

const client = ({ publicKey, privateKey }) =>
  new Turnkey({
    apiBaseUrl: TURNKEY_BASE_URL,
    defaultOrganizationId: ORGANIZATION_ID,
    apiPublicKey: publicKey,
    apiPrivateKey: privateKey,
  }).apiClient();

// The job itself.
const { organizationId, userId } = await withSession((turnkey) => turnkey.getWhoami());
console.log(JSON.stringify({ organizationId, userId }));
