package io.voiceagent.ops;

import io.vertx.core.Future;
import io.voiceagent.call.CallId;
import io.voiceagent.call.StageAddress;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the ops listener needs of the rest of the service, as functions. All are called on its event loop.
 *
 * @param conversations every conversation mailbox, of this node and of the others
 * @param dial places a call to an E.164 number and says its id; an {@link IllegalStateException} when that is not
 *     configured
 * @param draining whether new calls are refused
 * @param drain starts ({@code true}) or stops draining
 * @param notReady reasons why no call should be sent here; empty when ready. Draining need not be among them.
 * @param loopSilenceMs milliseconds since the quietest event loop showed life
 */
public record OpsPorts(
    Supplier<List<StageAddress>> conversations,
    Function<String, Future<CallId>> dial,
    BooleanSupplier draining,
    Consumer<Boolean> drain,
    Supplier<List<String>> notReady,
    LongSupplier loopSilenceMs) {}
