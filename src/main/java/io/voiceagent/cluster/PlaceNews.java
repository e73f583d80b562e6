package io.voiceagent.cluster;

import java.util.List;

/** What other nodes say of calls that take places in the cluster's limit. On any thread. */
public interface PlaceNews {
  /** The stream of a call was opened at the holder, with a token of this nonce. */
  void claimed(String holder, String callSid, String nonce);

  /** These run at the holder, on places of this node. */
  void running(String holder, List<String> callSids);

  /** The stream that was opened with this nonce, on a place of this node, is over. */
  void over(String callSid, String nonce);
}
