// Lambda's Runtime API in as few lines as it can be had. AWS's own client for Node does more before the first event and
// around each one, so this favours the peer.
const http = require("node:http");
const path = require("node:path");

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, step, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const request = http.request({ host, port, agent, method, headers, path: `/2018-06-01/runtime/${step}` }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

const failure = (e) => JSON.stringify({ errorType: e.name, errorMessage: e.message, stackTrace: String(e.stack).split("\n") });

async function main() {
  let handler;
  try {
    ({ handler } = require(path.resolve("index.js")));
  } catch (e) {
    console.error(e);
    await call("POST", "init/error", failure(e));
    process.exit(1);
  }
  for (;;) {
    const next = await call("GET", "invocation/next");
    const id = next.headers["lambda-runtime-aws-request-id"];
    try {
      const answer = await handler(JSON.parse(next.body), { awsRequestId: id });
      await call("POST", `invocation/${id}/response`, JSON.stringify(answer));
    } catch (e) {
      console.error(e);
      await call("POST", `invocation/${id}/error`, failure(e));
    }
  }
}

main();
