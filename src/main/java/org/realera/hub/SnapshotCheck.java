package org.realera.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.architecture.ModelIndex;
import org.realera.safetensors.WeightFiles;

/** Whether a folder that was fetched has all its parts; what is in them is not looked at. */
final class SnapshotCheck {
  private SnapshotCheck() {}

  /**
   * The first thing missing of a diffusers model, or of a model of transformers' kind.
   *
   * @return a path in the folder; links that lead nowhere count as missing
   */
  static Optional<String> missing(Path folder) {
    if (!Files.exists(folder.resolve(ModelIndex.FILE))) {
      if (!Files.exists(folder.resolve("config.json"))) {
        return Optional.of(ModelIndex.FILE);
      }
      return missingWeights(folder, "");
    }
    for (String component : List.of(Checkpoint.UNET, Checkpoint.VAE, Checkpoint.TEXT_ENCODER)) {
      String config = component + "/config.json";
      if (!Files.exists(folder.resolve(config))) {
        return Optional.of(config);
      }
      Optional<String> weights = missingWeights(folder, component);
      if (weights.isPresent()) {
        return weights;
      }
    }
    String scheduler = "scheduler/scheduler_config.json";
    if (!Files.exists(folder.resolve(scheduler))) {
      return Optional.of(scheduler);
    }
    Path tokenizer = folder.resolve("tokenizer");
    boolean words =
        Files.exists(tokenizer.resolve("vocab.json"))
            && Files.exists(tokenizer.resolve("merges.txt"));
    return words || Files.exists(tokenizer.resolve("tokenizer.json"))
        ? Optional.empty()
        : Optional.of("tokenizer/vocab.json");
  }

  private static Optional<String> missingWeights(Path folder, String component) {
    Path home = folder.resolve(component);
    String base = Checkpoint.baseName(component);
    String wanted = folder.relativize(home.resolve(base + ".safetensors")).toString();
    try {
      List<WeightFiles> sets = WeightFiles.findAll(home, base);
      boolean whole = sets.stream().anyMatch(set -> set.files().stream().allMatch(Files::exists));
      return whole ? Optional.empty() : Optional.of(wanted);
    } catch (RealeraException e) {
      return Optional.of(wanted); // a damaged list of shards
    }
  }
}
