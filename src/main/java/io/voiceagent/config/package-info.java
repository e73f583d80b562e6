@NullMarked
package io.voiceagent.config;

import org.jspecify.annotations.NullMarked;
