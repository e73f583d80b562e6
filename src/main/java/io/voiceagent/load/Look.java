package io.voiceagent.load;

/**
 * Everything that adds up between two looks at a run.
 *
 * @param at seconds since the start
 * @param service CPU seconds of the serving process so far; so are the two that follow
 * @param host CPU seconds of the whole machine so far
 * @param callSeconds calls times seconds so far
 */
record Look(
    double at,
    MetricsText metrics,
    double service,
    double simulators,
    double generator,
    double host,
    double callSeconds) {}
