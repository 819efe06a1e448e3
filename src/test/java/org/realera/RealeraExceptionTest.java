package org.realera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every test that meets an error checks the style of its remedy, for tests run with assertions. */
class RealeraExceptionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"give --anchor", "give it, then go on.", "Take it away", "Use --out or --force"})
  void aRemedyThatIsNoSentenceIsRefused(String remedy) {
    assertThatThrownBy(() -> RealeraException.usage("no", remedy))
        .isInstanceOf(AssertionError.class)
        .hasMessage("no sentence: " + remedy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Give --anchor.",
        "Did you mean --out?",
        "Write it so, e.g. --set mining.d1=0.48",
        "realera.json is of another run: take another --out."
      })
  void aSentenceIsTaken(String remedy) {
    assertThat(RealeraException.usage("no", remedy).remedy()).isEqualTo(remedy);
  }
}
