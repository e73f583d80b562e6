/**
 * Simulators of the providers and of the carrier, written from the vendors' documents and speaking their wire protocols on
 * real sockets. They share no codec with the service, so that a misread field cannot agree with itself.
 */
@NullMarked
package io.voiceagent.sim;

import org.jspecify.annotations.NullMarked;
