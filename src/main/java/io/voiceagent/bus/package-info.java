@NullMarked
package io.voiceagent.bus;

import org.jspecify.annotations.NullMarked;
