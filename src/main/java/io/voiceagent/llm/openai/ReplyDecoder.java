package io.voiceagent.llm.openai;

import java.util.List;

/** Reads one reply's events. Stateful, pure. */
interface ReplyDecoder {
  /** One event's data. Unknown events mean nothing. */
  List<Decoded> event(String data);

  /** The answer is whole, though its stream may go on: no failure of the stream can spoil it any more. */
  boolean answered();

  /** The body has ended: what that means, given what came before. */
  List<Decoded> end();
}
