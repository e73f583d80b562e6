/**
 * Which node serves what, and what survives the death of one.
 *
 * <p>Nodes tell each other several times a second what they offer and how busy they are; whoever needs a stage chooses by
 * that, without asking. A limit of the whole cluster is dealt out in shares, so no call waits for an agreement. The engine
 * beneath (membership and a replicated map) is behind {@code Membership}; no class of it is loaded on a node that stands
 * alone.
 */
@NullMarked
package io.voiceagent.cluster;

import org.jspecify.annotations.NullMarked;
