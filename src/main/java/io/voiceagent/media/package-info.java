/** The carrier's side: webhook, media socket, voice activity, playout. Moves bytes and tells facts; decides nothing. */
@NullMarked
package io.voiceagent.media;

import org.jspecify.annotations.NullMarked;
