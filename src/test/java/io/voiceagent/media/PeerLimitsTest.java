package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeerLimitsTest {
  @Test
  void aPeerHasItsShareAndAllHaveTheirs() {
    PeerLimits limits = new PeerLimits(2, 3);

    assertThat(limits.enter("a")).isTrue();
    assertThat(limits.enter("a")).isTrue();
    assertThat(limits.enter("a")).as("its share").isFalse();
    assertThat(limits.enter("b")).isTrue();
    assertThat(limits.enter("c")).as("all").isFalse();
    limits.leave("a");
    assertThat(limits.enter("c")).isTrue();
    limits.leave("a");
    limits.leave("b");
    limits.leave("c");
    assertThat(limits.open()).isZero();
  }

  @Test
  void inIpv6ANetworkIsOnePeer() {
    assertThat(PeerLimits.peer("2001:db8:1:2:3:4:5:6"))
        .isEqualTo(PeerLimits.peer("2001:db8:1:2::1"));
    assertThat(PeerLimits.peer("2001:db8:1:3::1")).isNotEqualTo(PeerLimits.peer("2001:db8:1:2::1"));
    assertThat(PeerLimits.peer("::ffff:192.0.2.1")).isEqualTo(PeerLimits.peer("192.0.2.1"));
    assertThat(PeerLimits.peer("192.0.2.1")).isNotEqualTo(PeerLimits.peer("192.0.2.2"));
  }
}
