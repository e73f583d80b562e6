/** Many simulated calls at once: when they come, what they do, what they and the service measured. */
@NullMarked
package io.voiceagent.load;

import org.jspecify.annotations.NullMarked;
