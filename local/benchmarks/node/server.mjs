// The peer of ServerSessionFunction: a run that makes a session, with the same steps in the same order. It leaves out what
// only matters when something went wrong before.
import { EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { decryptCredentialBundle, generateP256KeyPair, getPublicKey, uncompressRawPublicKey } from "@turnkey/crypto";
import { Turnkey } from "@turnkey/sdk-server";
import { createHash } from "node:crypto";

const settings = {
  turnkey: process.env.TURNKEY_BASE_URL,
  admin: process.env.ADMIN_CREDENTIAL.replace(/^secret:/, ""),
  organizationId: process.env.SERVER_SESSION_ORGANIZATION_ID,
  session: process.env.SERVER_SESSION,
  secret: process.env.SERVER_SESSION_SECRET,
  wrappingKey: process.env.WRAPPING_KEY,
  lifetimeSeconds: 60 * Number(process.env.SERVER_SESSION_LIFETIME_MINUTES),
};
const secrets = new SecretsManagerClient({});
const kms = new KMSClient({});

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));

const turnkey = ({ publicKey, privateKey }) =>
  new Turnkey({
    apiBaseUrl: settings.turnkey,
    apiPublicKey: publicKey,
    apiPrivateKey: privateKey,
    defaultOrganizationId: settings.organizationId,
  }).apiClient();

async function stage(name) {
  try {
    return await secrets.send(new GetSecretValueCommand({ SecretId: settings.secret, VersionStage: name }));
  } catch (e) {
    if (e.name === "ResourceNotFoundException") {
      return undefined;
    }
    throw e;
  }
}

const look = async () => ({
  pending: await stage("AWSPENDING"),
  current: await stage("AWSCURRENT"),
  previous: await stage("AWSPREVIOUS"),
});

async function wrap(plaintext, purpose, publicKey) {
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({
      KeyId: settings.wrappingKey,
      Plaintext: plaintext,
      EncryptionContext: {
        app: "votis-sessions",
        purpose,
        organization: settings.organizationId,
        session: settings.session,
        publicKey,
      },
    }),
  );
  return Buffer.from(CiphertextBlob).toString("base64");
}

async function put(current, actedOn, state) {
  const id = createHash("sha256").update([settings.session, current.VersionId, actedOn].join("\n")).digest("hex");
  await secrets.send(
    new PutSecretValueCommand({
      SecretId: settings.secret,
      ClientRequestToken: id,
      SecretString: JSON.stringify(state),
      VersionStages: ["AWSPENDING"],
    }),
  );
  return id;
}

export async function handler(event, context) {
  const begin = Date.now();
  if (event.session !== settings.session) {
    throw new Error("input: not this function's own session");
  }
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: settings.admin }));
  const admin = turnkey(JSON.parse(SecretString));
  const { userId } = await admin.getWhoami();
  await admin.getApiKeys({ userId });
  const { current } = await look();

  const target = generateP256KeyPair();
  const request = {
    targetPublicKey: hex(uncompressRawPublicKey(bytes(target.publicKey))),
    apiKeyName: `Server session ${settings.session}`,
    expirationSeconds: String(settings.lifetimeSeconds),
  };
  const attempt = await put(current, "-", {
    state: "attempt",
    publicKey: target.publicKey,
    wrapped: await wrap(
      Buffer.concat([bytes(target.privateKey), Buffer.from(JSON.stringify(request))]),
      "attempt",
      target.publicKey,
    ),
  });

  const made = await admin.createReadWriteSession(request);
  const { apiKeys } = await admin.getApiKeys({ userId });
  const privateKey = decryptCredentialBundle(made.credentialBundle, target.privateKey);
  const publicKey = hex(getPublicKey(bytes(privateKey), true));
  const listed = apiKeys.find((key) => key.apiKeyId === made.apiKeyId && key.credential.publicKey === publicKey);
  if (!listed) {
    throw new Error("Turnkey does not list the key");
  }
  const expiresAt = new Date(1000 * (Number(listed.createdAt.seconds) + settings.lifetimeSeconds)).toISOString();
  const details = { apiKeyId: made.apiKeyId, organizationId: made.organizationId, userId: made.userId, expiresAt };
  const credential = await put(current, attempt, {
    state: "credential",
    publicKey,
    wrapped: await wrap(Buffer.concat([bytes(privateKey), Buffer.from(JSON.stringify(details))]), "credential", publicKey),
  });

  const proved = await turnkey({ publicKey, privateKey }).getWhoami();
  if (proved.userId !== userId || proved.organizationId !== settings.organizationId) {
    throw new Error("the session is another user's");
  }
  await secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId: settings.secret,
      VersionStage: "AWSCURRENT",
      MoveToVersionId: credential,
      RemoveFromVersionId: current.VersionId,
    }),
  );
  await admin.getApiKeys({ userId });
  const after = await look();
  if (after.pending?.VersionId === after.current.VersionId) {
    await secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: settings.secret,
        VersionStage: "AWSPENDING",
        RemoveFromVersionId: after.pending.VersionId,
      }),
    );
  }
  console.log(JSON.stringify({ requestId: context.awsRequestId, ...details, millis: Date.now() - begin }));
  return { status: "created", secretArn: after.current.ARN, versionId: credential, publicKey, ...details };
}
