package org.realera.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.realera.diffusion.Image;
import org.realera.files.Json;
import org.realera.golden.Spoiled;
import org.realera.safetensors.SafetensorsFile;
import org.realera.scorer.Scorer;
import org.realera.scorer.Scorer.Shown;
import org.realera.scorer.ScorerGolden;
import org.realera.scorer.Scorers;
import org.realera.tensor.Compute;

/** What scorers are loaded from: a CLIP model's folder, and the celebrity detector's file. */
final class ScorerInputs {
  private static final int SIDE = 48;

  private ScorerInputs() {}

  /** All of them, below a folder that is empty. */
  static List<Input> all(Path root) throws IOException {
    Compute cpu = Scorers.compute("cpu");
    Path clip = Spoiled.copy("tiny-scorer", root.resolve("clip"));
    List<Input> inputs = new ArrayList<>();
    for (String name : List.of("config.json", "preprocessor_config.json")) {
      Input.Reader reader =
          file -> {
            Scorers.fingerprint(clip);
            score(Scorers.classifier(clip, List.of("a sky"), cpu), file);
          };
      inputs.add(Input.ofText("clip-" + name, clip.resolve(name), reader));
    }
    Map<String, List<Long>> shapes = celebrity();
    Path detector = root.resolve("celebrity.safetensors");
    byte[] header = HeaderAlone.of(Json.object().put("labels", "[\"A\",\"B\"]"), shapes);
    inputs.add(
        new Input(
            "celebrity.safetensors",
            detector,
            List.of(header),
            false,
            damaged -> HeaderAlone.reshaped(header, Arrays.hashCode(damaged)),
            file -> {
              HeaderAlone.grow(file);
              score(Scorers.celebrity(file, List.of(), cpu), file);
            }));
    return List.copyOf(inputs);
  }

  /** The celebrity detector's tensors, for two people. */
  private static Map<String, List<Long>> celebrity() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    try (SafetensorsFile faces =
        SafetensorsFile.open(ScorerGolden.file("celebrity/mtcnn.safetensors"))) {
      faces.tensors().forEach((name, info) -> shapes.put(name, info.shape()));
    }
    for (JsonNode tensor : ScorerGolden.json("celebrity/resnet.json").get("tensors")) {
      List<Long> shape = new ArrayList<>();
      tensor.get(1).forEach(size -> shape.add(size.longValue()));
      shapes.put("resnet." + tensor.get(0).asText(), shape);
    }
    shapes.put("resnet.fc1.weight", List.of(256L, 2048L));
    shapes.put("resnet.fc1.bias", List.of(256L));
    shapes.put("resnet.fc2.weight", List.of(2L, 256L));
    shapes.put("resnet.fc2.bias", List.of(2L));
    return shapes;
  }

  private static void score(Scorer scorer, Path file) {
    byte[] rgb = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * 7);
    }
    try (scorer) {
      scorer.score(List.of(new Shown(new Image(SIDE, SIDE, rgb), file.toString(), "a cat", "A")));
    }
  }
}
