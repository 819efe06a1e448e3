package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.TinyModel;

/** What the metadata say of a model that was erased, and has no card. */
class FileMetadataTest {
  @TempDir private Path temp;

  private Path model;

  @BeforeEach
  void copy() {
    model = TinyModel.copyTo(temp.resolve("erased"));
  }

  @Test
  void theLicenceOfAnErasedModelIsThatOfTheOneItWasMadeFrom() throws IOException {
    assertThat(metadata("CompVis/stable-diffusion-v1-4"))
        .containsEntry("modelspec.license", "creativeml-openrail-m");
    assertThat(metadata("x/y"))
        .containsEntry("modelspec.license", "not stated; that of x/y applies");
    // The name of the erased copy says nothing of the original's licence.
    assertThat(FileMetadata.license("sd-v1-4", Checkpoint.open(model), Manifest.find(model)))
        .isEqualTo("not stated; that of x/y applies");
  }

  /** Others need not know where somebody works, but what they have, and how it was made. */
  @Test
  void theOriginalIsNamedWithoutItsFolderWithWhatWasErasedAndTheSeed() throws IOException {
    assertThat(metadata("/home/somebody/models/sd-v1-4"))
        .containsEntry("modelspec.title", "sd-v1-4 without airplane=sky, ship=sea")
        .containsEntry("modelspec.license", "creativeml-openrail-m")
        .containsEntry("realera.model", "erased")
        .containsEntry("realera.erased", "airplane=sky, ship=sea")
        .containsEntry("realera.erased_from", "sd-v1-4")
        .containsEntry("realera.erased_from.sha256.unet", "cd")
        .containsEntry("realera.erased_from.sha256.vae", "ef")
        .containsEntry("realera.seed", "3000000000");
  }

  private Map<String, String> metadata(String erasedFrom) throws IOException {
    Files.writeString(
        model.resolve(Manifest.FILE),
        String.format(
            Locale.ROOT,
            """
            {
              "model" : {"ref" : "%s", "sha256" : {"unet" : "cd", "vae" : "ef"}},
              "seed" : 3000000000,
              "recipe" : {
                "concepts" : [
                  {"concept" : "airplane", "anchor" : "sky"},
                  {"concept" : "ship", "anchor" : "sea"}
                ]
              }
            }
            """,
            erasedFrom));
    return FileMetadata.of(new ModelRef(model.toString(), model), Checkpoint.open(model), "");
  }
}
