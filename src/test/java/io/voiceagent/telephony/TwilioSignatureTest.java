package io.voiceagent.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors of the vendor's own SDK tests, and some computed with OpenSSL. */
class TwilioSignatureTest {
  private static final List<Map.Entry<String, String>> P = List.of(
      Map.entry("Digits", "1234"),
      Map.entry("CallSid", "CA1234567890ABCDE"),
      Map.entry("To", "+18005551212"),
      Map.entry("Caller", "+14158675309"),
      Map.entry("From", "+14158675309"));
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @ParameterizedTest
  @CsvSource({
    "https://mycompany.com/myapp.php?foo=1&bar=2, RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    "https://mycompany.com:443/myapp.php?foo=1&bar=2, kvajT1Ptam85bY51eRf/AJRuM3w=",
    "http://mycompany.com:80/myapp.php?foo=1&bar=2, 0ZXoZLH/DfblKGATFgpif+LLRf4=",
    "http://mycompany.com:1234/myapp.php?foo=1&bar=2, Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
    "https://mycompany.com/myapp.php, 1xaxFBvyzXYvWplzNOSs28HWO94=",
    "https://mycompany.com/myapp.php?foo=hello%20world&bar=test%2Bvalue, er2tvAP1Wx+iuTTE2BPgvEaN1cs="
  })
  void signsAsTheVendorDoes(String url, String expected) {
    assertThat(new TwilioSignature("12345").sign(url, P)).isEqualTo(expected);
    assertThat(new TwilioSignature("12345").valid(url, P, expected)).isTrue();
  }

  @Test
  void fieldNamesSortByCodePointAndRepeatedOnesLoseTheirDoubles() {
    TwilioSignature signature = new TwilioSignature(KEY);

    assertThat(signature.sign(
            "https://voice.example.org/x",
            List.of(
                Map.entry("a", "1"),
                Map.entry("B", "2"),
                Map.entry("_c", "3"),
                Map.entry("A1", "4"),
                Map.entry("A", "5"))))
        .isEqualTo("eSk/DTqVC7XS1Y+XnzYN/DdZSNU=");
    assertThat(signature.sign(
            "https://voice.example.org/x",
            List.of(Map.entry("K", "b"), Map.entry("K", "a"), Map.entry("K", "b"))))
        .isEqualTo("CQq1KtktHVmuKDoKgyRoNqJ8I3E=");
  }

  @Test
  void emptyAndForeignLettersCount() {
    assertThat(new TwilioSignature(KEY)
            .sign(
                "https://voice.example.org/twilio/voice",
                List.of(
                    Map.entry("CallSid", "CA1"), Map.entry("CallerName", "Zoë & Söhne"),
                    Map.entry("Digits", ""), Map.entry("From", "+493012345"))))
        .isEqualTo("lPMsOr7d2GSq6eAgrC7G9hO98WI=");
  }

  @Test
  void theUpgradeIsSignedAsWssWithOrWithoutASlash() {
    TwilioSignature signature = new TwilioSignature(KEY);
    String url = "wss://voice.example.org/twilio/media";

    assertThat(signature.valid(url, List.of(), "2rCRgsIjrw23mO+/2Wo8GAomY6I=")).isTrue();
    assertThat(signature.valid(url, List.of(), "cc22pH37ixvGE2GJBntCMpzbsGw=")).isTrue();
    assertThat(signature.valid(url, List.of(), "avq7ol8tehSIgmaYzcbeX0CMz1w="))
        .as("https")
        .isFalse();
  }

  @Test
  void aChangedFieldKeyOrUrlIsNoticed() {
    TwilioSignature signature = new TwilioSignature("12345");
    String url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    String good = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

    assertThat(signature.valid(url + "0", P, good)).isFalse();
    assertThat(signature.valid(url, P.subList(0, 4), good)).isFalse();
    assertThat(new TwilioSignature("12346").valid(url, P, good)).isFalse();
    assertThat(signature.valid(url, P, "")).isFalse();
  }
}
