package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;

class PublicUrlTest {
  private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();

  @Test
  void r53_aConfiguredAddressIsTheOnlyOneWhateverARequestSays() {
    headers
        .add("Host", "evil.example")
        .add("X-Forwarded-Host", "evil.example")
        .add("X-Forwarded-Proto", "http")
        .add("Forwarded", "host=evil.example;proto=http");
    PublicUrl url = new PublicUrl("https://agent.example.com/voice");

    assertThat(url.base(headers, false)).isEqualTo("https://agent.example.com/voice");
    assertThat(url.socket(headers, false)).isEqualTo("wss://agent.example.com/voice");
  }

  @Test
  void withoutOneItIsWhatTheCarrierDialled() {
    headers.add("Host", "agent.example.com:8443");

    assertThat(new PublicUrl("").base(headers, true)).isEqualTo("https://agent.example.com:8443");
    assertThat(new PublicUrl("").socket(headers, false)).isEqualTo("ws://agent.example.com:8443");
  }

  @Test
  void aRequestThatNamesNoHostHasNoAddress() {
    assertThat(new PublicUrl("").knownTo(headers)).isFalse();
    assertThat(new PublicUrl("https://agent.example.com").knownTo(headers)).isTrue();
    assertThat(new PublicUrl("").knownTo(headers.add("Host", "agent.example.com")))
        .isTrue();
  }

  @Test
  void aProxyMayHaveEndedTlsButNothingElseMayBeClaimed() {
    headers.add("Host", "agent.example.com").add("X-Forwarded-Proto", "https");
    assertThat(new PublicUrl("").base(headers, false)).isEqualTo("https://agent.example.com");

    headers.set("X-Forwarded-Proto", "javascript");
    assertThat(new PublicUrl("").base(headers, true)).isEqualTo("http://agent.example.com");
  }
}
