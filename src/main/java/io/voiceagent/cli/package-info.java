@NullMarked
package io.voiceagent.cli;

import org.jspecify.annotations.NullMarked;
