package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.diffusion.ImageRequest;

/** What is known of the files before anything is drawn. */
class ImageOutputTest {
  @TempDir private Path folder;

  private ImageOutput plan(String out, int prompts, int perPrompt, int width, int height) {
    List<ImageRequest> requests = new ArrayList<>();
    for (int i = 0; i < prompts * perPrompt; i++) {
      requests.add(new ImageRequest("p" + i / perPrompt, "", i, 1, 3, width, height));
    }
    return ImageOutput.plan(folder.resolve(out), "m", null, requests, perPrompt, false);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3000, 512, 512, 28268 x 28268",
    "1, 10, 8192, 8192, 32774 x 24580",
    "2, 100000, 512, 512, 51399998 x 1026",
    "100000, 1, 8192, 8192, 2597496 x 2589302",
    "2, 1, 8192, 16384, 16386 x 16384"
  })
  void aSheetThatCannotBeIsRefusedBeforeItsFolderIsMade(
      int prompts, int perPrompt, int width, int height, String size) {
    assertThatThrownBy(() -> plan("new/sheet.png", prompts, perPrompt, width, height))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.USAGE);
              assertThat(e.remedy()).isEqualTo("Give a folder with --out, for one PNG each.");
            })
        .hasMessage(
            "--out %s: a sheet of %s pictures of %s x %s would be %s pixels, expected at most"
                    .formatted(
                        folder.resolve("new/sheet.png"), prompts * perPrompt, width, height, size)
                + " 178956970 in all");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void asManyImagesGoIntoAFolder() {
    assertThat(plan("new", 1, 3000, 512, 512).files()).hasSize(3000);
  }

  /** 26 x 26 of them are 13,362 pixels across, and an image may have 13,377 squared. */
  @Test
  void theLargestSheetIsPlanned() {
    assertThat(plan("sheet.png", 1, 676, 512, 512).files()).hasSize(1);
    assertThatThrownBy(() -> plan("other.png", 1, 677, 512, 512)).hasMessageContaining("13876 x");
  }
}
