// Cartesia's own client against the simulated Cartesia: speech, and what transcribes it, word by word.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { clearFaults, fault, simulators } from "./simulators.js";

// Its module build looks for "ws" by require, which modules do not have.
const Cartesia = createRequire(import.meta.url)("@cartesia/cartesia-js");
const baseURL = simulators["tts.cartesia.url"].replace(/^ws/, "http");
const cartesia = new Cartesia({ baseURL, apiKey: "simulated", maxRetries: 0 });
// The client knows wss only for speech; the simulator has no certificate.
const { hostname: host, port } = new URL(baseURL);
const plain = { createConnection: () => connect({ host, port }) };
const voice = {
  model_id: "sonic-3",
  voice: { mode: "id", id: "any" },
  output_format: { container: "raw", encoding: "pcm_mulaw", sample_rate: 8000 },
};
const audio = { encoding: "pcm_mulaw", sample_rate: 8000 };

after(clearFaults);

async function speak(tts, ...pieces) {
  const context = tts.context({ ...voice, add_timestamps: true, timeout: 5000 });
  for (const transcript of pieces) {
    await context.push({ transcript });
  }
  await context.no_more_inputs();
  const said = { audio: [], words: [] };
  for await (const event of context.receive()) {
    if (event.type === "chunk") {
      said.audio.push(Buffer.from(event.data, "base64"));
    } else if (event.type === "timestamps") {
      said.words.push(...event.word_timestamps.words);
    }
  }
  return { audio: Buffer.concat(said.audio), words: said.words.join(" ") };
}

test("many contexts share a socket, each hears its own words", async () => {
  const tts = await cartesia.tts.websocket(plain);
  const [one, two] = await Promise.all([
    speak(tts, "first of ", "all "),
    speak(tts, "something else "),
  ]);
  assert.equal(one.words, "first of all");
  assert.equal(two.words, "something else");
  assert.ok(one.audio.length > 3000);
  tts.close();
});

test("a flush is answered, a cancelled context ends", async () => {
  const tts = await cartesia.tts.websocket(plain);
  const context = tts.context({ ...voice, timeout: 5000 });
  await context.push({ transcript: "hello ", flush: true });
  await context.no_more_inputs();
  const types = [];
  for await (const event of context.receive()) {
    types.push(event.type);
  }
  assert.ok(types.includes("flush_done"), types.join());
  assert.equal(types.at(-1), "done");
  const cancelled = tts.context({ ...voice, timeout: 5000 });
  await cancelled.push({ transcript: "nobody hears this " });
  await cancelled.cancel();
  tts.close();
});

test("an error in band reaches the context that it belongs to", async () => {
  const tts = await cartesia.tts.websocket(plain);
  tts.on("error", () => {});
  await fault({ provider: "tts", kind: "error", status: 429, code: "concurrency_limited", times: 1 });
  await assert.rejects(speak(tts, "x "), /./);
  assert.equal((await speak(tts, "well again ")).words, "well again");
  tts.close();
});

test("a wrong key is refused at the handshake", async () => {
  const wrong = new Cartesia({ baseURL, apiKey: "wrong", maxRetries: 0 });
  const stt = wrong.stt.manualFinalize.websocket({ model: "ink-whisper", language: "en", ...audio });
  const error = await new Promise((resolve) => stt.on("error", resolve));
  assert.match(`${error.message} ${error.cause?.message}`, /401/);
  stt.close();
});

test("the manual endpoint gives deltas, and answers finalize and close", async () => {
  const tts = await cartesia.tts.websocket(plain);
  const speech = await speak(tts, "book a table ");
  tts.close();
  const stt = cartesia.stt.manualFinalize.websocket({ model: "ink-whisper", language: "en", ...audio });
  let finals = "";
  const flushed = new Promise((resolve) => stt.on("flush_done", resolve));
  const done = new Promise((resolve) => stt.on("done", resolve));
  stt.on("error", (error) => assert.fail(error));
  stt.on("transcript", (event) => {
    finals += event.is_final ? event.text : "";
  });
  stt.sendRaw(speech.audio);
  stt.sendRaw(Buffer.alloc(1600, 0xff));
  stt.send("finalize");
  await flushed;
  assert.equal(finals, "book a table");
  stt.send("close");
  await done;
  stt.close();
});

test("the turns endpoint tells start, updates, eager end and end", async () => {
  const tts = await cartesia.tts.websocket(plain);
  const speech = await speak(tts, "for two please ");
  tts.close();
  const stt = cartesia.stt.autoFinalize.websocket({ model: "ink-2", ...audio });
  stt.on("error", (error) => assert.fail(error));
  const types = [];
  stt.on("event", (event) => types.push(event.type));
  const ended = new Promise((resolve) => stt.on("turn.end", resolve));
  stt.sendRaw(speech.audio);
  for (let i = 0; i < 12; i++) {
    stt.sendRaw(Buffer.alloc(800, 0xff));
  }
  assert.equal((await ended).transcript, "for two please");
  for (const type of ["connected", "turn.start", "turn.update", "turn.eager_end", "turn.end"]) {
    assert.ok(types.includes(type), `${type} in ${types}`);
  }
  stt.send({ type: "close" });
  stt.close();
});
