package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.chaos.FailingDisk;
import org.realera.method.Stage;

/** Models that another program replaces while they are erased. */
class ReplacedModelTest {
  @TempDir Path root;

  /** What is written is of the model that was opened, or it is not written. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "unet/diffusion_pytorch_model.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
        "text_encoder/model.safetensors",
        "scheduler/scheduler_config.json",
        "tokenizer/merges.txt"
      })
  void aModelThatIsReplacedMeanwhileIsNotMixedIn(String name) throws IOException {
    Path model = TinyModel.copy(root.resolve("model"));
    Path out = root.resolve("out");
    Path file = model.resolve(name);
    byte[] before = Files.readAllBytes(file);
    byte[] other = another(name, before);
    EraseRequest request = TinyRuns.request(model, out, false);
    assertThatThrownBy(() -> Erasure.run(request, replacing(file, other), TinyRuns.CACHE))
        .isInstanceOf(RealeraException.class)
        .hasMessage(model + " was replaced or changed while it was being erased");
    assertThat(out).doesNotExist();
    Files.write(file, before);
    EraseRequest again = TinyRuns.request(model, out, true);
    Erasure.run(
        again, replacing(file, before), TinyRuns.CACHE); // the same bytes are no other model
    assertThat(out.resolve("realera.json")).exists();
  }

  /** A file as sound as the one given, of another model. */
  private static byte[] another(String name, byte[] bytes) {
    if (name.endsWith(".safetensors")) {
      byte[] other = bytes.clone();
      other[other.length - 1] ^= 1;
      return other;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (name.endsWith(".json")) {
      text = text.replace("{", "{\"prediction_type\": \"v_prediction\",");
    } else { // merges in another order
      List<String> lines = new ArrayList<>(text.lines().toList());
      Collections.swap(lines, lines.size() - 2, lines.size() - 1);
      text = String.join("\n", lines);
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The first file of the output is whole by then, and of the old model. */
  @Test
  void aModelThatIsReplacedWhileItIsCopiedIsNotMixedIn() throws IOException {
    Path model = TinyModel.copy(root.resolve("model"));
    Path weights = model.resolve("vae/diffusion_pytorch_model.safetensors");
    byte[] other = another(weights.toString(), Files.readAllBytes(weights));
    FailingDisk disk = new FailingDisk(root);
    Path out = root.resolve("out");
    Path staged = root.resolve("out.state").resolve("output");
    List<Path> copies = new ArrayList<>();
    disk.beforeWriting(
        file -> {
          if (file.startsWith(staged)) {
            copies.add(file);
            if (copies.size() == 2) {
              replace(weights, other);
            }
          }
        });
    EraseRequest request = TinyRuns.request(model, disk.path(out), false);
    assertThatThrownBy(() -> TinyRuns.run(request))
        .isInstanceOf(RealeraException.class)
        .hasMessage(model + " was replaced or changed while it was being erased");
    assertThat(copies).hasSizeGreaterThan(2);
    assertThat(out).doesNotExist();
  }

  /** Puts another file in the place of one when the training begins. */
  private Progress replacing(Path file, byte[] bytes) {
    return new Progress() {
      @Override
      public void begin(String task, long steps) {
        if (task.equals(Stage.ALIGNMENT.title())) {
          replace(file, bytes);
        }
      }
    };
  }

  private void replace(Path file, byte[] bytes) {
    try {
      Path other = Files.write(root.resolve("other.safetensors"), bytes);
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
