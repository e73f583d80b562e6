package io.voiceagent.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.BusListener;
import io.voiceagent.bus.BusOptions;
import io.voiceagent.bus.LocalBus;
import io.voiceagent.call.StageAddress;
import io.voiceagent.cluster.Kernels;
import io.voiceagent.cluster.Placement;
import io.voiceagent.cluster.Role;
import io.voiceagent.media.Admission;
import io.voiceagent.media.OtherNodes;
import io.voiceagent.media.SharedLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A node that stands alone. */
record LocalSite(Vertx vertx, int loops) implements Site {
  @Override
  public Bus bus(BusListener listener) {
    return new LocalBus(vertx, BusOptions.DEFAULTS, listener);
  }

  @Override
  public Placement placement() {
    return Placement.LOCAL;
  }

  @Override
  public Kernels kernels() {
    return Kernels.NONE;
  }

  @Override
  public boolean has(Role role) {
    return true;
  }

  @Override
  public List<StageAddress> conversations() {
    List<StageAddress> all = new ArrayList<>();
    for (int loop = 0; loop < loops; loop++) {
      all.add(new StageAddress("local", StageAddress.Stage.CONVERSATION, loop));
    }
    return all;
  }

  @Override
  public SharedLimit sharedLimit() {
    return SharedLimit.NONE;
  }

  @Override
  public int partOfVoices(int allowed) {
    return allowed;
  }

  @Override
  public String tokenSecret() {
    return "";
  }

  @Override
  public void onLost(Consumer<String> handler) {}

  @Override
  public Future<Void> open(Admission admission, int maxCalls) {
    return Future.succeededFuture();
  }

  @Override
  public OtherNodes others() {
    return OtherNodes.NONE;
  }

  @Override
  public int streams() {
    return 0;
  }

  @Override
  public int members() {
    return 1;
  }

  @Override
  public List<String> notReady() {
    return List.of();
  }
}
