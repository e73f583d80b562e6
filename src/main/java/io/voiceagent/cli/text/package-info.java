/** {@code call --text}: the turn machine and its model by keyboard. */
@NullMarked
package io.voiceagent.cli.text;

import org.jspecify.annotations.NullMarked;
