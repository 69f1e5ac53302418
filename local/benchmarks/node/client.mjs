// The peer of ClientSessionFunction: the same job, as a careful team would write it on the official packages.
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Turnkey } from "@turnkey/sdk-server";

const settings = {
  turnkey: process.env.TURNKEY_BASE_URL,
  secret: process.env.DELEGATE_CREDENTIAL.replace(/^secret:/, ""),
  keptMillis: 1000 * Number(process.env.CREDENTIAL_TTL_SECONDS),
  organizationClaim: process.env.ORGANIZATION_CLAIM,
  userClaim: process.env.USER_CLAIM,
  expirationSeconds: process.env.EXPIRATION_SECONDS_DEFAULT,
};
const secrets = new SecretsManagerClient({});

let delegate;

async function turnkey() {
  if (!delegate || delegate.until < Date.now()) {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: settings.secret }));
    const { publicKey, privateKey } = JSON.parse(SecretString);
    const client = new Turnkey({
      apiBaseUrl: settings.turnkey,
      apiPublicKey: publicKey,
      apiPrivateKey: privateKey,
      defaultOrganizationId: "none",
    }).apiClient();
    delegate = { client, until: Date.now() + settings.keptMillis };
  }
  return delegate.client;
}

const answer = (statusCode, body, type = "application/json") => ({
  statusCode,
  headers: { "content-type": type, "cache-control": "no-store" },
  body: JSON.stringify(body),
});

const refused = (status, detail) => answer(status, { type: "about:blank", title: "refused", status, detail }, "application/problem+json");

const time = ({ seconds, nanos }) => new Date(1000 * Number(seconds) + Number(nanos) / 1e6);

export async function handler(event, context) {
  const begin = Date.now();
  const claims = event.requestContext?.authorizer?.jwt?.claims ?? {};
  const organizationId = claims[settings.organizationClaim];
  const userId = claims[settings.userClaim];
  if (!organizationId || !userId) {
    return refused(403, "a claim is missing");
  }
  let body;
  try {
    body = JSON.parse(event.isBase64Encoded ? Buffer.from(event.body, "base64").toString() : event.body);
  } catch {
    return refused(400, "not JSON");
  }
  if (!/^04[0-9a-fA-F]{128}$/.test(body.targetPublicKey ?? "")) {
    return refused(400, "targetPublicKey");
  }
  const client = await turnkey();
  const session = await client.createReadWriteSession({
    organizationId,
    userId,
    targetPublicKey: body.targetPublicKey,
    apiKeyName: "Client session",
    expirationSeconds: settings.expirationSeconds,
  });
  const { apiKeys } = await client.getApiKeys({ organizationId, userId });
  const key = apiKeys.find((one) => one.apiKeyId === session.apiKeyId);
  if (!key) {
    return refused(409, "the session is over");
  }
  const createdAt = time(key.createdAt);
  console.log(JSON.stringify({ requestId: context.awsRequestId, organizationId, userId, apiKeyId: session.apiKeyId, millis: Date.now() - begin }));
  return answer(201, {
    organizationId: session.organizationId,
    userId: session.userId,
    apiKeyId: session.apiKeyId,
    credentialBundle: session.credentialBundle,
    createdAt: createdAt.toISOString(),
    expiresAt: new Date(createdAt.getTime() + 1000 * Number(key.expirationSeconds)).toISOString(),
  });
}
