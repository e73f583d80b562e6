/** Which node serves what. */
@NullMarked
package io.voiceagent.cluster;

import org.jspecify.annotations.NullMarked;
