package io.voiceagent.stt;

/** One socket of one call. Write only after {@link SttListener#opened}, and not while it is full. */
public interface SttStream {
  /** Mu-law 8 kHz, straight to the socket: neither copied nor changed. */
  void write(byte[] mulaw);

  /** The socket takes no more for now; {@link SttListener#drained} follows. */
  boolean full();

  /** Asks for the transcript of everything written; {@link SttListener#flushed} answers. */
  void finalizeTranscript();

  /** The provider may say what it still has and is left. The listener hears nothing more. Idempotent. */
  void close();
}
