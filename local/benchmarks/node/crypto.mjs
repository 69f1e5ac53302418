// Turnkey's own packages: `node crypto.mjs` reads what to stamp and open as JSON from standard input and prints the median
// time of each operation in nanoseconds.
import { ApiKeyStamper } from "@turnkey/api-key-stamper";
import { decryptCredentialBundle, verifyStampSignature } from "@turnkey/crypto";
import { json } from "node:stream/consumers";

const { body, publicKey, privateKey, targetKey, bundle, millis } = await json(process.stdin);

const stamper = new ApiKeyStamper({ apiPublicKey: publicKey, apiPrivateKey: privateKey });
const stamp = async () => (await stamper.stamp(body)).stampHeaderValue;
const { signature } = JSON.parse(Buffer.from(await stamp(), "base64url").toString());

const operations = {
  stamp,
  verify: () => verifyStampSignature(publicKey, signature, body),
  open: () => decryptCredentialBundle(bundle, targetKey),
};

async function median(operation) {
  const end = performance.now() + millis;
  const times = [];
  while (performance.now() < end || times.length < 3) {
    const begin = process.hrtime.bigint();
    await operation();
    times.push(Number(process.hrtime.bigint() - begin));
  }
  return times.sort((a, b) => a - b)[Math.ceil(times.length / 2) - 1];
}

const result = {};
for (const [name, operation] of Object.entries(operations)) {
  if (!(await operation())) {
    throw new Error(`${name} gives nothing`);
  }
  await median(operation); // until it is warm
  result[name] = await median(operation);
}
console.log(JSON.stringify(result));
