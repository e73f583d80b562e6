/** OpenAI and compatible servers: Chat Completions and Responses. */
@NullMarked
package io.voiceagent.llm.openai;

import org.jspecify.annotations.NullMarked;
