/**
 * What an operator reaches: metrics, health, and an API of running calls, on a listener of its own that the carrier never
 * sees.
 *
 * <p>Wiring, in this order: {@link io.voiceagent.metrics.Telemetry} first, because Vert.x takes its metrics at
 * construction ({@code withMetrics(telemetry.factory())}); the bus with {@link io.voiceagent.ops.StreamMeters} as its
 * listener; {@link io.voiceagent.metrics.LoopLagProbe} on the finished Vert.x;
 * {@code telemetry.meters().traceTo(CallTraces.of(..))}; {@link io.voiceagent.ops.Logs} once the settings are read; then
 * one {@link io.voiceagent.ops.MetricsVerticle}.
 *
 * <p>Nothing here knows what a call is. Calls are asked of every conversation mailbox, of this node and of the others;
 * everything else that reaches into the service comes in through {@link io.voiceagent.ops.OpsPorts}.
 */
@NullMarked
package io.voiceagent.ops;

import org.jspecify.annotations.NullMarked;
