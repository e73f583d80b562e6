/** Wiring: reads the configuration, picks the providers, deploys the verticles, drains them. */
@NullMarked
package io.voiceagent.app;

import org.jspecify.annotations.NullMarked;
