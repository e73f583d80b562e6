@NullMarked
package io.voiceagent.audio;

import org.jspecify.annotations.NullMarked;
