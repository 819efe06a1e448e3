package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder whose weights are all of the fp16 variant, as {@code model pull --variant} makes it. */
class FolderWriterTest {
  @TempDir private Path temp;
  private Path model;
  private Path checker;

  @BeforeEach
  void halves() throws IOException {
    model = TinyModel.copyTo(temp.resolve("model"));
    for (String component : Checkpoint.COMPONENTS) {
      String base = Checkpoint.baseName(component);
      Path plain = model.resolve(component).resolve(base + ".safetensors");
      Files.move(plain, plain.resolveSibling(base + ".fp16.safetensors"));
    }
    TinyModel.edit(
        model.resolve("model_index.json"),
        "\"safety_checker\": [\n    null,\n    null\n  ]",
        "\"safety_checker\": [\"a\", \"b\"]");
    checker = Files.createDirectory(model.resolve("safety_checker"));
  }

  private Map<String, String> written() {
    Path target = temp.resolve("out");
    List<String> leftOut =
        FolderWriter.write(Checkpoint.open(model), Map.of(), Optional.empty(), target);
    assertThat(leftOut).isEmpty();
    Checkpoint.open(target).verify();
    Map<String, String> files = new TreeMap<>();
    for (Path file : TinyModel.files(target)) {
      if (FolderFiles.mayBeWeights(file)) {
        files.put(target.relativize(file).toString(), content(file));
      }
    }
    return files;
  }

  private static String content(Path file) {
    try {
      return Files.size(file) < 100 ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** from_pretrained looks for plain names of every part, unless it is told of a variant. */
  @Test
  void everyPartOfTheCopyHasPlainNames() throws IOException {
    Files.writeString(checker.resolve("model.fp16.safetensors"), "checker");
    assertThat(written())
        .containsOnlyKeys(
            "unet/diffusion_pytorch_model.safetensors",
            "vae/diffusion_pytorch_model.safetensors",
            "text_encoder/model.safetensors",
            "safety_checker/model.safetensors")
        .containsEntry("safety_checker/model.safetensors", "checker");
  }

  /** Pieces stay as the list names them. */
  @Test
  void aListOfPiecesHasThePlainName() throws IOException {
    Files.writeString(checker.resolve("model.safetensors.index.fp16.json"), "list");
    Files.writeString(checker.resolve("model.fp16-00001-of-00001.safetensors"), "piece");
    assertThat(written())
        .containsEntry("safety_checker/model.safetensors.index.json", "list")
        .containsEntry("safety_checker/model.fp16-00001-of-00001.safetensors", "piece");
  }

  @Test
  void halvesBesideWholesKeepTheirNames() throws IOException {
    Files.writeString(checker.resolve("model.fp16.safetensors"), "half");
    Files.writeString(checker.resolve("model.safetensors"), "whole");
    assertThat(written())
        .containsEntry("safety_checker/model.fp16.safetensors", "half")
        .containsEntry("safety_checker/model.safetensors", "whole");
  }
}
