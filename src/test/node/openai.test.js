// OpenAI's own client against the simulated OpenAI: what it cannot read, no service can have been tested with.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import OpenAI from "openai";
import { clearFaults, fault, simulators } from "./simulators.js";

const url = simulators["llm.openai.url"];
const openai = new OpenAI({ baseURL: url, apiKey: "simulated", maxRetries: 0 });
const tools = [
  { type: "function", function: { name: "end_call", parameters: { type: "object", properties: {} } } },
];
const asked = (content) => ({ model: "simulated", messages: [{ role: "user", content }] });

after(clearFaults);

test("chat completions stream, with usage at the end", async () => {
  const stream = await openai.chat.completions.create({
    ...asked("one two"),
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  let usage;
  let finish;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  assert.match(text, /^You said one two\. /);
  assert.equal(finish, "stop");
  assert.ok(usage.total_tokens === usage.prompt_tokens + usage.completion_tokens);
});

test("without include_usage no chunk lacks its choice", async () => {
  const stream = await openai.chat.completions.create({ ...asked("one"), stream: true });
  for await (const chunk of stream) {
    assert.equal(chunk.choices.length, 1);
    assert.ok(chunk.usage == null);
  }
});

test("the streaming helper of chat completions assembles text and tool calls", async () => {
  const answer = await openai.chat.completions.stream({ ...asked("goodbye"), tools }).finalChatCompletion();
  assert.match(answer.choices[0].message.content, /^Goodbye/);
  assert.equal(answer.choices[0].finish_reason, "tool_calls");
  const [call] = answer.choices[0].message.tool_calls;
  assert.equal(call.function.name, "end_call");
  assert.equal(typeof JSON.parse(call.function.arguments), "object");
});

test("chat completions without a stream", async () => {
  const answer = await openai.chat.completions.create(asked("echo hello"));
  assert.equal(answer.choices[0].message.content, "hello.");
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
});

test("the Responses API: the helper assembles text and usage", async () => {
  const response = await openai.responses
    .stream({ model: "simulated", input: [{ role: "user", content: "three four" }] })
    .finalResponse();
  assert.equal(response.status, "completed");
  assert.match(response.output_text, /^You said three four\. /);
  assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
});

test("the Responses API: the helper assembles a function call", async () => {
  const response = await openai.responses
    .stream({
      model: "simulated",
      input: [{ role: "user", content: "goodbye" }],
      tools: [{ type: "function", name: "end_call", strict: false, parameters: { type: "object", properties: {} } }],
    })
    .finalResponse();
  const call = response.output.find((item) => item.type === "function_call");
  assert.equal(call.name, "end_call");
  assert.match(call.call_id, /^call_/);
  assert.equal(typeof JSON.parse(call.arguments), "object");
});

test("models are listed", async () => {
  const models = await openai.models.list();
  assert.ok(models.data.length > 0);
});

test("a wrong key is an AuthenticationError", async () => {
  const wrong = new OpenAI({ baseURL: url, apiKey: "wrong", maxRetries: 0 });
  await assert.rejects(wrong.chat.completions.create({ ...asked("x"), stream: true }), (error) => {
    assert.ok(error instanceof OpenAI.AuthenticationError);
    assert.equal(error.code, "invalid_api_key");
    return true;
  });
});

test("a 429 is a RateLimitError with its Retry-After, and the client's own retry succeeds", async () => {
  const planned = { provider: "llm", kind: "status", status: 429, code: "rate_limit_exceeded", retryAfter: "1", times: 1 };
  await fault(planned);
  await assert.rejects(openai.chat.completions.create({ ...asked("x"), stream: true }), (error) => {
    assert.ok(error instanceof OpenAI.RateLimitError);
    assert.equal(error.code, "rate_limit_exceeded");
    assert.equal(error.headers.get("retry-after"), "1");
    return true;
  });
  await fault({ ...planned, retryAfter: "0" });
  const patient = new OpenAI({ baseURL: url, apiKey: "simulated", maxRetries: 1 });
  const answer = await patient.chat.completions.create(asked("echo again"));
  assert.equal(answer.choices[0].message.content, "again.");
});

test("an error in the middle of a stream reaches the client", async () => {
  await fault({ provider: "llm", kind: "errorMid", times: 1, code: "server_error" });
  await assert.rejects(async () => {
    for await (const chunk of await openai.chat.completions.create({ ...asked("one two three"), stream: true })) {
      assert.ok(chunk);
    }
  }, OpenAI.APIError);
  await fault({ provider: "llm", kind: "errorMid", times: 1, code: "server_error" });
  const stream = await openai.responses.create({
    model: "simulated",
    input: [{ role: "user", content: "one two three" }],
    stream: true,
  });
  let last;
  for await (const event of stream) {
    last = event;
  }
  // Here the client hands the error on as the event that it is.
  assert.equal(last.type, "error");
  assert.equal(last.code, "server_error");
});
