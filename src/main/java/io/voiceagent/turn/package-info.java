@NullMarked
package io.voiceagent.turn;

import org.jspecify.annotations.NullMarked;
