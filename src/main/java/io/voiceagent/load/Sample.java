package io.voiceagent.load;

/**
 * One look during a run. Milliseconds and shares; NaN where nothing could be seen.
 *
 * @param atSeconds since the start of the run
 * @param serviceCores cores that the serving process used since the last look; so are the three that follow
 * @param defects so far
 */
record Sample(
    double atSeconds,
    long calls,
    double turnsPerSecond,
    double firstAudioP50,
    double firstAudioP99,
    double addedMean,
    double addedP99,
    double frameAgeP99,
    double loopLagP99,
    double serviceCores,
    double simulatorCores,
    double generatorCores,
    double otherCores,
    double heapMb,
    double nonHeapMb,
    double gcMsPerSecond,
    double generatorLateP99,
    long defects) {}
