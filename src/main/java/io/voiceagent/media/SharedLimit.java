package io.voiceagent.media;

import java.util.List;

/**
 * The limit of calls that this node has in common with others. A place stays with the node that gave it until its call is
 * over, also when another one holds the call; so the two tell each other.
 */
public interface SharedLimit {
  /** Each node counts the calls that run on it, up to a limit of its own. */
  SharedLimit NONE = new SharedLimit() {
    @Override
    public String self() {
      return "";
    }

    @Override
    public Moment now() {
      return ALONE;
    }

    @Override
    public void claimed(String callSid, String nonce) {}

    @Override
    public void running(String giver, List<String> callSids) {}

    @Override
    public void over(String giver, String callSid, String nonce) {}
  };

  /** Nobody to reckon with. */
  Moment ALONE = new Moment() {
    @Override
    public boolean there(String node) {
      return false;
    }

    @Override
    public int places() {
      return Integer.MAX_VALUE;
    }
  };

  /** The nodes as they are known at one moment. */
  interface Moment {
    boolean there(String node);

    /** How many places this node may have given. */
    int places();
  }

  /** This node as its tokens name it; empty when nothing is shared. */
  String self();

  Moment now();

  /** Tells all that the stream of a call came here, and that its token is used. */
  void claimed(String callSid, String nonce);

  /** Tells the giver of their places that these calls still run here. */
  void running(String giver, List<String> callSids);

  /** Tells the giver of its place that a call does not run here any more, and with which nonce it came. */
  void over(String giver, String callSid, String nonce);
}
