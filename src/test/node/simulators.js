// Where the simulators listen: the settings that "simulate" printed, passed on by scripts/check_simulators.sh.
import assert from "node:assert/strict";

export const simulators = JSON.parse(process.env.SIMULATORS ?? "{}");
assert.ok(simulators["llm.openai.url"], "SIMULATORS is not set: run scripts/check_simulators.sh");

const control = simulators["llm.openai.url"].replace(/\/v1$/, "/_sim");

export async function fault(planned) {
  const answer = await fetch(`${control}/faults`, { method: "POST", body: JSON.stringify(planned) });
  assert.equal(answer.status, 204);
}

export async function clearFaults() {
  await fetch(`${control}/faults`, { method: "DELETE" });
}

export async function stats() {
  return (await fetch(`${control}/stats`)).json();
}
