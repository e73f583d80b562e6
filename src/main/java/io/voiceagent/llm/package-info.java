/** The language model: orders in, text streamed to the voice, facts to the conversation. */
@NullMarked
package io.voiceagent.llm;

import org.jspecify.annotations.NullMarked;
