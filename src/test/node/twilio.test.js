// Twilio's own client against the simulated Twilio: the REST API, and the signatures of its webhooks.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import twilio from "twilio";
import { clearFaults, fault, simulators } from "./simulators.js";

const SID = "AC00000000000000000000000000000001";
const TOKEN = "local-only-not-a-secret";
const base = new URL(simulators["telephony.twilio.baseUrl"]);

/** The client names its host itself; only the socket goes elsewhere. */
class ToSimulator extends twilio.RequestClient {
  request(options) {
    const uri = new URL(options.uri);
    uri.protocol = base.protocol;
    uri.host = base.host;
    return super.request({ ...options, uri: uri.toString() });
  }
}

const client = (token = TOKEN) =>
  twilio(SID, token, { httpClient: new ToSimulator(), autoRetry: false });

after(clearFaults);

/** What an agent's webhook would hear, as form fields and header. */
async function webhook() {
  const heard = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      heard.push({
        url: `http://127.0.0.1:${server.address().port}${request.url}`,
        fields: Object.fromEntries(new URLSearchParams(body)),
        signature: request.headers["x-twilio-signature"],
      });
      const answer = new twilio.twiml.VoiceResponse();
      answer.say("Sorry & goodbye");
      answer.hangup();
      response.setHeader("Content-Type", "text/xml").end(answer.toString());
    });
  });
  await new Promise((up) => server.listen(0, "127.0.0.1", up));
  return { server, heard, url: `http://127.0.0.1:${server.address().port}/twilio` };
}

test("a call is created, rings, asks the webhook with a signature the SDK accepts, and is ended", async () => {
  const agent = await webhook();
  const call = await client().calls.create({
    to: "+15550100123",
    from: "+15005550006",
    url: `${agent.url}/voice`,
    statusCallback: `${agent.url}/status`,
  });
  assert.match(call.sid, /^CA[0-9a-f]{32}$/);
  assert.equal(call.status, "queued");
  assert.equal(call.direction, "outbound-api");
  for (let i = 0; i < 100 && agent.heard.length < 2; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const [voice, status] = agent.heard;
  assert.equal(voice.fields.Direction, "outbound-api");
  assert.equal(voice.fields.To, "+15550100123");
  assert.equal(voice.fields.From, "+15005550006");
  assert.equal(voice.fields.CallSid, call.sid);
  assert.equal(status.fields.CallStatus, "completed");
  for (const request of agent.heard) {
    assert.ok(twilio.validateRequest(TOKEN, request.signature, request.url, request.fields));
    assert.ok(!twilio.validateRequest("another", request.signature, request.url, request.fields));
  }
  const ended = await client().calls(call.sid).update({ status: "completed" });
  assert.equal(ended.status, "completed");
  assert.equal((await client().calls(call.sid).fetch()).status, "completed");
  agent.server.close();
});

test("faults are RestExceptions with Twilio's codes", async () => {
  await assert.rejects(client().calls.create({ to: "+15550100123", from: "+15005550006" }), { status: 400, code: 21201 });
  await assert.rejects(client("wrong").calls("CA1").fetch(), { status: 401, code: 20003 });
  await assert.rejects(client().calls("CAffffffffffffffffffffffffffffffff").fetch(), {
    status: 404,
    code: 20404,
  });
  await fault({ provider: "twilio", kind: "status", status: 429, times: 1 });
  await assert.rejects(client().calls.create({ to: "+1", from: "+1", url: "http://x" }), { status: 429 });
});
