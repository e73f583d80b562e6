/** Runs the turn machine of each call: facts in, orders out, timers, the view for an operator. */
@NullMarked
package io.voiceagent.conversation;

import org.jspecify.annotations.NullMarked;
