package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageTextsTest {
  private static final SafeGuidance SAFE = new SafeGuidance("nudity", SldSettings.of("medium"));

  @Test
  void everyKeyStandsInTheOrderInWhichItWasAddedAndTheProgramLast() {
    Map<String, String> texts =
        ImageTexts.NONE
            .prompts(List.of("a cat"))
            .negativePrompt("night")
            .seeds(List.of(7L))
            .model("m")
            .steps(25)
            .guidance(List.of(7.5))
            .safe(SAFE)
            .spm("x.safetensors")
            .scheduler("DDIM")
            .images(4)
            .signed();
    assertThat(texts.toString())
        .isEqualTo(
            "{prompt=a cat, negative_prompt=night, seed=7, model=m, steps=25, guidance=7.5,"
                + " safe=nudity, sld=medium, spm=x.safetensors, scheduler=DDIM, pictures=4,"
                + " Software=realera}");
    assertThat(ImageTexts.NONE.spm("a").steps(3).signed().toString())
        .isEqualTo("{spm=a, steps=3, Software=realera}");
  }

  @Test
  void whatThereIsNoneOfHasNoKey() {
    assertThat(ImageTexts.NONE.negativePrompt("").safe(null).spm(null).images(1).signed())
        .containsOnlyKeys("Software");
  }

  @Test
  void aSheetTellsWhatDiffersOnceEach() {
    ImageTexts sheet =
        ImageTexts.NONE
            .prompts(List.of("a cat", "a cat", "a dog"))
            .seeds(List.of(1L, 2L, 1L))
            .guidance(List.of(3.0, 3.0, 3.0));
    assertThat(sheet.texts())
        .isEqualTo(Map.of("prompt", "a cat\na dog", "seed", "1\n2", "guidance", "3.0"));
  }

  @Test
  void onlyTextsBesideTheProgramsOwnNameAreItsOwn() {
    assertThat(ImageTexts.ownOf(Map.of("prompt", "a cat"))).isEmpty();
    assertThat(ImageTexts.ownOf(Map.of("prompt", "a cat", "Software", "ComfyUI"))).isEmpty();
    ImageTexts drawn = ImageTexts.NONE.prompts(List.of("a cat")).seeds(List.of(1L));
    assertThat(ImageTexts.ownOf(drawn.signed()).flatMap(ImageTexts::prompt)).hasValue("a cat");
    assertThat(ImageTexts.ownOf(ImageTexts.NONE.signed()).flatMap(ImageTexts::prompt)).isEmpty();
  }

  @Test
  void aSheetIsKnownByItsCountOrBySeveralSeeds() {
    assertThat(ImageTexts.NONE.seeds(List.of(1L, 2L)).isSheet()).isTrue();
    assertThat(ImageTexts.NONE.images(2).isSheet()).isTrue();
    assertThat(ImageTexts.NONE.seeds(List.of(1L)).prompts(List.of("a", "b")).isSheet()).isFalse();
  }
}
