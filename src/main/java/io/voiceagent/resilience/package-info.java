/**
 * What stands between the calls and a provider that fails: a breaker, a budget for second attempts, a fallback list and a
 * gate for what the provider allows at once. All shared by every call of the process, all thread-safe, none of it blocks.
 */
@NullMarked
package io.voiceagent.resilience;

import org.jspecify.annotations.NullMarked;
