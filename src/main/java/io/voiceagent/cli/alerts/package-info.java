/**
 * Proves the shipped alert rules live: a real Prometheus and Alertmanager watch the service while faults are switched on,
 * and every alert must reach a receiver and be taken back. Time is compressed mechanically in a copy of the rules.
 */
@NullMarked
package io.voiceagent.cli.alerts;

import org.jspecify.annotations.NullMarked;
