/**
 * Text to speech: cuts what the model writes into speakable pieces, has them spoken by a provider, and hands the sound
 * to media as it is wanted.
 */
@NullMarked
package io.voiceagent.tts;

import org.jspecify.annotations.NullMarked;
