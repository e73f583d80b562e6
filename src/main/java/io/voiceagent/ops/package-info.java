/**
 * What an operator reaches: metrics, health, and an API of running calls, on a listener of its own that the carrier never
 * sees.
 *
 * <p>Nothing here knows what a call is. Calls are asked of every conversation mailbox, of this node and of the others;
 * everything else that reaches into the service comes in through {@link io.voiceagent.ops.OpsPorts}.
 */
@NullMarked
package io.voiceagent.ops;

import org.jspecify.annotations.NullMarked;
