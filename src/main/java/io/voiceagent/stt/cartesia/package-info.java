/** Cartesia's two WebSockets for transcription: with our own endpointing, and with theirs. */
@NullMarked
package io.voiceagent.stt.cartesia;

import org.jspecify.annotations.NullMarked;
