/**
 * Who has the floor: pure rules, events in and effects out.
 *
 * <p>{@link io.voiceagent.turn.TurnMachine} finds the rule for each event. The caller is SILENT, SPEAKING, or PAUSED (the
 * voice has ended, its words are awaited); the agent is IDLE, THINKING (something is ordered), SPEAKING (it is heard),
 * CLOSING (the last words), or ENDED. Every state but the last has a timer that leads out of it. The next states that
 * thousands of random calls have taken; events that are not named leave a state as it is:
 *
 * <pre>
 * caller PAUSED, agent CLOSING
 *   to caller PAUSED, agent ENDED: PlayoutEnded SpeechFailed
 *   to caller SILENT, agent CLOSING: FINAL_TRANSCRIPT ProviderTurnEnded TranscriptFlushed
 *   to caller SPEAKING, agent CLOSING: SpeechStarted SpeechSustained
 * caller PAUSED, agent ENDED
 * caller PAUSED, agent IDLE
 *   to caller PAUSED, agent ENDED: EndRequested
 *   to caller SILENT, agent IDLE: FINAL_TRANSCRIPT ProviderTurnEnded TranscriptFlushed
 *   to caller SILENT, agent THINKING: DIGITS DigitPressed ENDPOINT FALSE_INTERRUPTION FINAL_TRANSCRIPT
 *       ProviderTurnEnded TranscriptFlushed
 *   to caller SPEAKING, agent IDLE: ProviderTurnStarted SpeechStarted SpeechSustained
 * caller PAUSED, agent SPEAKING
 *   to caller PAUSED, agent IDLE: DigitPressed FinalTranscript InterimTranscript PLAYOUT PlayoutEnded
 *   to caller PAUSED, agent THINKING: PlayoutEnded
 *   to caller SILENT, agent SPEAKING: DIGITS FINAL_TRANSCRIPT ProviderTurnEnded TranscriptFlushed
 *   to caller SILENT, agent THINKING: ProviderTurnEnded
 *   to caller SPEAKING, agent IDLE: SpeechSustained
 *   to caller SPEAKING, agent SPEAKING: ProviderTurnStarted SpeechStarted SpeechSustained
 * caller PAUSED, agent THINKING
 *   to caller PAUSED, agent CLOSING: THINKING
 *   to caller PAUSED, agent ENDED: EndRequested SpeechFailed
 *   to caller PAUSED, agent IDLE: FinalTranscript PlayoutEnded
 *   to caller PAUSED, agent SPEAKING: PlayoutStarted
 *   to caller SILENT, agent THINKING: DIGITS ENDPOINT FINAL_TRANSCRIPT ProviderTurnEnded TranscriptFlushed
 *   to caller SPEAKING, agent IDLE: ProviderTurnStarted SpeechSustained
 *   to caller SPEAKING, agent THINKING: SpeechStarted
 * caller SILENT, agent CLOSING
 *   to caller SILENT, agent ENDED: HANG_UP PlayoutEnded SpeechFailed
 *   to caller SPEAKING, agent CLOSING: ProviderTurnStarted SpeechStarted SpeechSustained
 * caller SILENT, agent ENDED
 * caller SILENT, agent IDLE
 *   to caller SILENT, agent CLOSING: REPROMPT
 *   to caller SILENT, agent ENDED: EndRequested
 *   to caller SILENT, agent THINKING: DIGITS DigitPressed FALSE_INTERRUPTION FinalTranscript ProviderTurnEnded
 *       REPROMPT Started
 *   to caller SPEAKING, agent IDLE: ProviderTurnStarted SpeechStarted SpeechSustained
 * caller SILENT, agent SPEAKING
 *   to caller SILENT, agent ENDED: HANG_UP
 *   to caller SILENT, agent IDLE: DigitPressed InterimTranscript PLAYOUT PlayoutEnded
 *   to caller SILENT, agent THINKING: DigitPressed FinalTranscript PLAYOUT PlayoutEnded ProviderTurnEnded
 *   to caller SPEAKING, agent IDLE: ProviderTurnStarted SpeechSustained
 *   to caller SPEAKING, agent SPEAKING: ProviderTurnStarted SpeechStarted SpeechSustained
 * caller SILENT, agent THINKING
 *   to caller SILENT, agent CLOSING: ReplyCompleted ReplyFailed SpeechFailed THINKING
 *   to caller SILENT, agent ENDED: EndRequested HANG_UP ReplyCompleted SpeechFailed
 *   to caller SILENT, agent IDLE: InterimTranscript PlayoutEnded ReplyCompleted
 *   to caller SILENT, agent SPEAKING: PlayoutStarted
 *   to caller SPEAKING, agent IDLE: ProviderTurnStarted SpeechSustained
 *   to caller SPEAKING, agent THINKING: SpeechStarted SpeechSustained
 * caller SPEAKING, agent CLOSING
 *   to caller PAUSED, agent CLOSING: SpeechEnded
 *   to caller SILENT, agent CLOSING: ProviderTurnEnded
 *   to caller SPEAKING, agent ENDED: HANG_UP PlayoutEnded SpeechFailed
 * caller SPEAKING, agent ENDED
 * caller SPEAKING, agent IDLE
 *   to caller PAUSED, agent IDLE: FINAL_TRANSCRIPT SpeechEnded
 *   to caller SILENT, agent IDLE: ProviderTurnEnded
 *   to caller SILENT, agent THINKING: ProviderTurnEnded
 *   to caller SPEAKING, agent ENDED: EndRequested
 *   to caller SPEAKING, agent THINKING: FALSE_INTERRUPTION
 * caller SPEAKING, agent SPEAKING
 *   to caller PAUSED, agent SPEAKING: FINAL_TRANSCRIPT SpeechEnded
 *   to caller SILENT, agent SPEAKING: ProviderTurnEnded
 *   to caller SILENT, agent THINKING: ProviderTurnEnded
 *   to caller SPEAKING, agent ENDED: EndRequested
 *   to caller SPEAKING, agent IDLE: DigitPressed FinalTranscript InterimTranscript PLAYOUT PlayoutEnded
 *       PlayoutStarted ProviderTurnStarted SpeechSustained
 *   to caller SPEAKING, agent THINKING: PlayoutEnded
 * caller SPEAKING, agent THINKING
 *   to caller PAUSED, agent THINKING: FINAL_TRANSCRIPT ProviderTurnEnded SpeechEnded
 *   to caller SILENT, agent THINKING: ProviderTurnEnded
 *   to caller SPEAKING, agent CLOSING: ReplyCompleted ReplyFailed SpeechFailed THINKING
 *   to caller SPEAKING, agent ENDED: HANG_UP SpeechFailed
 *   to caller SPEAKING, agent IDLE: FinalTranscript InterimTranscript PlayoutEnded PlayoutStarted
 *       ProviderTurnStarted SpeechSustained
 *   to caller SPEAKING, agent SPEAKING: PlayoutStarted
 * </pre>
 */
@NullMarked
package io.voiceagent.turn;

import org.jspecify.annotations.NullMarked;
