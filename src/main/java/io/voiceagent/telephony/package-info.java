/** What carriers say on the wire: pure codecs, signatures and tokens. */
@NullMarked
package io.voiceagent.telephony;

import org.jspecify.annotations.NullMarked;
