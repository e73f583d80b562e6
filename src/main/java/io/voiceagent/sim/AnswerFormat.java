package io.voiceagent.sim;

/** How one of OpenAI's APIs writes an answer; every method gives what goes on the wire, whole server-sent events. */
interface AnswerFormat {
  String begin();

  String piece(String text);

  /** @param arguments JSON as text */
  String tool(String name, String arguments);

  String finish();

  /** What follows the end, if anything. */
  String mark();

  /** An error after status 200. */
  String error(String code);

  /** The whole answer, for a request that wants no stream. */
  String whole();

  /** The made-up count that both APIs report. */
  int PROMPT_TOKENS = 10;
}
