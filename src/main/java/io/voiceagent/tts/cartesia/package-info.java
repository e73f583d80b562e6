/** Cartesia's WebSocket for speech: one socket, many contexts. */
@NullMarked
package io.voiceagent.tts.cartesia;

import org.jspecify.annotations.NullMarked;
