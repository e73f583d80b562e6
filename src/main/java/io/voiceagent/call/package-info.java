/**
 * The words that every stage shares: identities, what was heard and said, the facts that go up to the conversation and
 * the orders that come down from it. Records only; nothing here acts.
 *
 * <p>Facts are small, unpaced and point up. Orders point down. Audio and text never travel as facts: they flow on
 * credit-based streams ({@code bus}). Every instant is {@link io.voiceagent.call.Clock} nanoseconds of the node that
 * holds the record; the bus rebases instants that come from another node.
 */
@NullMarked
package io.voiceagent.call;

import org.jspecify.annotations.NullMarked;
