/**
 * Speech to text: streams the caller's audio to a provider from the call's first frame on and tells the conversation what
 * was said. Audio that no final transcript covers is kept, so that a lost socket costs no word.
 */
@NullMarked
package io.voiceagent.stt;

import org.jspecify.annotations.NullMarked;
