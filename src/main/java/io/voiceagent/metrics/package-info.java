@NullMarked
package io.voiceagent.metrics;

import org.jspecify.annotations.NullMarked;
