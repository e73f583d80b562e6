package io.voiceagent.turn;

import io.voiceagent.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbers and texts of turn-taking.
 *
 * @param instructions what the model is told to be
 * @param notice said before the greeting, cannot be interrupted; empty: none
 * @param greeting empty: the caller speaks first
 * @param farewell said before the call ends because nothing works
 * @param bridge said when a call goes on at another node; empty: nothing
 * @param goodbye said before the call ends on a key, or because the model ends it without a word
 * @param providerEndpoints the transcriber decides when the caller is through
 */
public record TurnOptions(
    String instructions,
    String notice,
    String greeting,
    boolean greetingProtected,
    String apology,
    String farewell,
    String goodbye,
    String bridge,
    boolean providerEndpoints,
    Endpointing endpointing,
    Preemptive preemptive,
    BargeIn bargeIn,
    Silence silence,
    Dtmf dtmf,
    Duration thinkingTimeout,
    Duration fillerAfter,
    String fillerText,
    Duration playoutTimeout,
    Duration hangUpTimeout,
    Duration maxCallDuration,
    int maxFailures) {

  /**
   * When the caller's turn is taken.
   *
   * @param finalTimeout how long after the release the final transcript may take, at most, before the interim counts
   * @param providerTimeout the same where the transcriber decides that the caller is through
   * @param flushGrace after a final, how long the transcriber's word that it is through may take
   * @param unfinishedWait extra wait when the words sound unfinished ("and", "um", digits in a row)
   * @param finishedWords last words that sound finished: the final is waited for half as long
   * @param digitWords digits as they are said
   * @param wholeNumbers so many digits in a row are complete; three or more that are not sound unfinished
   * @param maxUtterance a voice without an end is taken as it is then
   */
  public record Endpointing(
      Duration finalTimeout,
      Duration providerTimeout,
      Duration flushGrace,
      Duration unfinishedWait,
      List<String> unfinishedWords,
      List<String> finishedWords,
      List<String> digitWords,
      List<Integer> wholeNumbers,
      Duration maxUtterance) {}

  /**
   * Replies begun before the caller's turn is certain.
   *
   * @param maxDiscards so many more may be thrown away than were used; then the call does without
   */
  public record Preemptive(boolean enabled, int maxDiscards) {}

  /**
   * When the caller interrupts.
   *
   * @param minWords words that must be transcribed before it counts; 0: the voice alone
   * @param backchannel words that never interrupt and ask for no answer
   * @param neverInterrupts words that never interrupt, but are answered when the agent is through
   * @param falseAfter an interruption without words is none after this; 0: never
   */
  public record BargeIn(
      boolean enabled,
      int minWords,
      List<String> backchannel,
      List<String> neverInterrupts,
      Duration falseAfter) {}

  /** @param after silence of the caller before each re-prompt; 0: never */
  public record Silence(Duration after, List<String> reprompts, String goodbye) {}

  /**
   * Keys pressed.
   *
   * @param length so many digits are complete; 0: any number
   * @param terminator ends the digits; empty: none
   * @param actions {@code key=hangup}, {@code key=repeat} or {@code key=what the caller means by it}
   */
  public record Dtmf(
      boolean interrupts, int length, String terminator, Duration timeout, List<String> actions) {}

  public TurnOptions withInstructions(String text) {
    return new TurnOptions(
        text,
        notice,
        greeting,
        greetingProtected,
        apology,
        farewell,
        goodbye,
        bridge,
        providerEndpoints,
        endpointing,
        preemptive,
        bargeIn,
        silence,
        dtmf,
        thinkingTimeout,
        fillerAfter,
        fillerText,
        playoutTimeout,
        hangUpTimeout,
        maxCallDuration,
        maxFailures);
  }

  /** What is said in every call and can be prepared. */
  public List<String> fixedTexts() {
    List<String> texts = new ArrayList<>(List.of(notice, greeting, apology, farewell));
    texts.addAll(silence.reprompts());
    texts.add(silence.goodbye());
    texts.add(goodbye);
    if (!fillerAfter.isZero()) {
      texts.add(fillerText);
    }
    return texts;
  }

  /** As the preferred account of transcription says. */
  private static boolean providerEndpoints(Settings settings) {
    String account = settings.string("stt.provider", "cartesia");
    String prefix = account.equals("cartesia") ? "stt.cartesia" : "stt.accounts." + account;
    return settings.string(prefix + ".endpoint", "manual").equalsIgnoreCase("turns");
  }

  private static List<Integer> counts(Settings settings, String key, List<String> fallback) {
    List<Integer> counts = new ArrayList<>();
    for (String count : settings.list(key, fallback)) {
      if (count.matches("[1-9][0-9]?")) {
        counts.add(Integer.valueOf(count));
      } else {
        settings.fault(key, "must be numbers between 1 and 99, not '" + count + "'");
      }
    }
    return counts;
  }

  public static TurnOptions from(Settings settings) {
    return new TurnOptions(
        settings.string(
            "agent.instructions",
            "You are a friendly voice assistant on the telephone. Answer in one or two short sentences, in plain words, "
                + "without lists or markup."),
        settings.text("agent.notice", ""),
        settings.text("agent.greeting", "Hello, how can I help you?"),
        settings.flag("agent.greetingProtected", false),
        settings.string("agent.apology", "Sorry, something went wrong. Could you say that again?"),
        settings.string(
            "agent.farewell",
            "I am sorry, I cannot help you right now. Please call again later. Goodbye."),
        settings.string("agent.goodbye", "Goodbye."),
        settings.text("agent.bridge", "Sorry, the line broke for a moment."),
        providerEndpoints(settings),
        new Endpointing(
            settings.duration("turn.endpoint.finalTimeout", Duration.ofMillis(1500)),
            settings.duration("turn.endpoint.providerTimeout", Duration.ofSeconds(5)),
            settings.duration("turn.endpoint.flushGrace", Duration.ofMillis(100)),
            settings.duration("turn.endpoint.unfinishedWait", Duration.ofMillis(500)),
            settings.list(
                "turn.endpoint.unfinishedWords",
                List.of("and", "or", "but", "um", "uh", "so", "the", "a", "to", "because")),
            settings.list(
                "turn.endpoint.finishedWords",
                List.of("please", "thanks", "thank you", "yes", "no", "goodbye", "bye")),
            settings.list(
                "turn.endpoint.digitWords",
                List.of(
                    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight",
                    "nine", "double", "triple")),
            counts(
                settings,
                "turn.endpoint.wholeNumbers",
                List.of("4", "5", "6", "7", "10", "11", "16")),
            settings.duration("turn.endpoint.maxUtterance", Duration.ofSeconds(60))),
        new Preemptive(
            settings.flag("turn.preemptive.enabled", false),
            settings.integer("turn.preemptive.maxDiscards", 3, 1, 100)),
        new BargeIn(
            settings.flag("turn.bargeIn.enabled", true),
            settings.integer("turn.bargeIn.minWords", 0, 0, 20),
            settings.list(
                "turn.bargeIn.backchannel",
                List.of("uh-huh", "mhm", "mm-hmm", "hm", "okay", "ok", "yeah", "right", "i see")),
            settings.list("turn.bargeIn.neverInterrupts", List.of()),
            settings.duration("turn.bargeIn.falseAfter", Duration.ofSeconds(2))),
        new Silence(
            settings.duration("turn.silence.after", Duration.ofSeconds(10)),
            settings.list(
                "turn.silence.reprompts",
                List.of("Are you still there?", "Hello? Can you hear me?")),
            settings.string("turn.silence.goodbye", "I will hang up now. Goodbye.")),
        new Dtmf(
            settings.flag("turn.dtmf.interrupts", true),
            settings.integer("turn.dtmf.length", 0, 0, 64),
            settings.string("turn.dtmf.terminator", "#"),
            settings.duration("turn.dtmf.timeout", Duration.ofSeconds(2)),
            settings.list("turn.dtmf.actions", List.of())),
        settings.duration("turn.thinkingTimeout", Duration.ofSeconds(20)),
        settings.duration("turn.filler.after", Duration.ZERO),
        settings.string("turn.filler.text", "One moment."),
        settings.duration("turn.playoutTimeout", Duration.ofSeconds(60)),
        settings.duration("turn.hangUpTimeout", Duration.ofSeconds(15)),
        settings.duration("limits.maxCallDuration", Duration.ofHours(1)),
        settings.integer("turn.maxFailures", 3, 1, 100));
  }
}
