package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.architecture.Architecture;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.checkpoint.builtin.StandardFiles;
import org.realera.files.Changed;

/** What is told of a single file that other programs read otherwise than it is meant. */
class OtherProgramsTest {
  private static final String SCHEDULER = "scheduler/scheduler_config.json";

  @TempDir private Path folder;

  private void published(boolean second, Prediction prediction) {
    StandardFiles.of(second, prediction)
        .forEach(
            (name, bytes) -> {
              try {
                Path file = folder.resolve(name);
                Files.createDirectories(file.getParent());
                Files.write(file, bytes);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private List<String> notes(boolean second) {
    Architecture found = Architecture.read(folder);
    return OtherPrograms.notes(second, found.unet(), found.vae(), found.text(), found.scheduler());
  }

  @ParameterizedTest
  @CsvSource({"false, EPSILON", "true, EPSILON", "true, V"})
  void ofAModelAsItWasPublishedNothingIsTold(boolean second, Prediction prediction) {
    published(second, prediction);
    assertThat(notes(second)).isEmpty();
  }

  @Test
  void layersThatAreLeftOutAreClipSkipElsewhere() throws IOException {
    published(false, Prediction.EPSILON);
    Changed.value(folder.resolve("text_encoder/config.json"), "/num_hidden_layers", "11");
    assertThat(notes(false))
        .containsExactly(
            "the single file's text encoder has 11 layers, where other programs build the 12 of"
                + " Stable Diffusion 1: choose CLIP skip 2 there");
  }

  @Test
  void aPredictionOfVelocityIsNotSeenInAFileOfStableDiffusion1() {
    published(false, Prediction.V);
    assertThat(notes(false))
        .singleElement()
        .asString()
        .startsWith(
            "the single file's model predicts v_prediction, where other programs take a file of Stable")
        .contains("AUTOMATIC1111 needs a .yaml", "ComfyUI the node ModelSamplingDiscrete");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noiseThatEndsAtZeroSignalIsNotSeen(boolean second) throws IOException {
    published(second, Prediction.EPSILON);
    Changed.value(folder.resolve(SCHEDULER), "/rescale_betas_zero_snr", "true");
    assertThat(notes(second))
        .containsExactly(
            "the single file's noise ends at zero signal (rescale_betas_zero_snr), which other"
                + " programs must be told");
  }

  @Test
  void valuesOfItsOwnAreNotSeen() throws IOException {
    published(false, Prediction.EPSILON);
    Changed.value(folder.resolve(SCHEDULER), "/beta_end", "0.02");
    Changed.value(folder.resolve("vae/config.json"), "/scaling_factor", "0.13");
    assertThat(notes(false))
        .containsExactly(
            "the single file's own values are not read: other programs draw with those of Stable"
                + " Diffusion 1 (vae scaling_factor 0.13, not 0.18215; scheduler beta_end 0.02, not 0.012)");
  }

  @Test
  void aConversionTellsOfNetworksOfAnotherSize() {
    ConvertResult result =
        Conversion.run(
            new ConvertRequest(
                new ModelRef("m", MiniatureModel.FOLDER),
                Target.SINGLE_FILE,
                folder.resolve("x.safetensors"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                false),
            Progress.NONE);
    assertThat(result.notes())
        .filteredOn(note -> note.startsWith("the single file's networks are not those of Stable"))
        .singleElement()
        .asString()
        .contains("unet block_out_channels [", ", not [320,640,1280,1280])")
        .endsWith(": other programs can't load it");
  }
}
