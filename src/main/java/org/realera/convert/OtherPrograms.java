package org.realera.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.checkpoint.architecture.SchedulerConfig;
import org.realera.checkpoint.architecture.UNetConfig;
import org.realera.checkpoint.architecture.VaeConfig;
import org.realera.checkpoint.builtin.StandardFiles;
import org.realera.files.Json;

/**
 * What other programs will read wrongly of a single file. The file carries the model's
 * configurations, but they look at none: they build the published networks of Stable Diffusion 1 or
 * 2 and draw as those do.
 */
public final class OtherPrograms {
  private static final String LAYERS = "num_hidden_layers";

  private final String version;
  private final boolean second;
  private final SortedMap<String, byte[]> standard;

  private OtherPrograms(boolean second) {
    this.second = second;
    this.version = "Stable Diffusion " + (second ? 2 : 1);
    this.standard = StandardFiles.of(second, Prediction.EPSILON);
  }

  /** A line for each thing; empty for a model as it was published. */
  public static List<String> notes(Checkpoint model) {
    return notes(
        model.isVersion2(),
        model.unetConfig(),
        model.vaeConfig(),
        model.textConfig(),
        model.schedulerConfig());
  }

  static List<String> notes(
      boolean second,
      UNetConfig unet,
      VaeConfig vae,
      ClipTextConfig text,
      SchedulerConfig scheduler) {
    OtherPrograms others = new OtherPrograms(second);
    List<String> sizes = others.sizes(unet, vae, text);
    if (!sizes.isEmpty()) {
      return List.of(
          "the single file's networks are not those of %s (%s): other programs can't load it"
              .formatted(others.version, sizes.get(0)));
    }
    List<String> notes = new ArrayList<>();
    others.addLayers(notes, text);
    others.addPrediction(notes, scheduler);
    others.addValues(notes, vae, scheduler);
    return List.copyOf(notes);
  }

  private List<String> sizes(UNetConfig unet, VaeConfig vae, ClipTextConfig text) {
    List<String> differ = new ArrayList<>();
    compare(
        differ,
        "unet",
        Map.of(
            "block_out_channels", unet.blockOutChannels(),
            "layers_per_block", unet.layersPerBlock(),
            "cross_attention_dim", unet.crossAttentionDim()));
    compare(
        differ,
        "vae",
        Map.of(
            "block_out_channels", vae.blockOutChannels(),
            "layers_per_block", vae.layersPerBlock()));
    compare(differ, "text_encoder", Map.of("hidden_size", text.hiddenSize()));
    if (text.layers() > layers()) {
      compare(differ, "text_encoder", Map.of(LAYERS, text.layers()));
    }
    return differ;
  }

  private int layers() {
    return tree("text_encoder/config.json").path(LAYERS).asInt();
  }

  /** Those of the last layers are left out where nothing reads them. */
  private void addLayers(List<String> notes, ClipTextConfig text) {
    int less = layers() - text.layers();
    if (less > 0) {
      notes.add(
          "the single file's text encoder has %s layers, where other programs build the %s of %s: choose CLIP skip %s there"
              .formatted(text.layers(), layers(), version, less + 1));
    }
  }

  /** Of Stable Diffusion 2 they tell by the weights. */
  private void addPrediction(List<String> notes, SchedulerConfig scheduler) {
    if (!second && !scheduler.predictionType().equals(Prediction.EPSILON.key())) {
      notes.add(
          "the single file's model predicts %s, where other programs take a file of %s to predict noise: AUTOMATIC1111 needs a .yaml of the file's name that says so, ComfyUI the node ModelSamplingDiscrete"
              .formatted(scheduler.predictionType(), version));
    }
    if (scheduler.rescaleBetasZeroSnr()) {
      notes.add(
          "the single file's noise ends at zero signal (rescale_betas_zero_snr), which other programs must be told");
    }
  }

  private void addValues(List<String> notes, VaeConfig vae, SchedulerConfig scheduler) {
    List<String> differ = new ArrayList<>();
    compare(differ, "vae", Map.of("scaling_factor", vae.scalingFactor()));
    Map<String, Object> noise = new LinkedHashMap<>();
    noise.put("beta_start", scheduler.betaStart());
    noise.put("beta_end", scheduler.betaEnd());
    noise.put("beta_schedule", scheduler.betaSchedule());
    noise.put("num_train_timesteps", scheduler.trainTimesteps());
    compare(differ, "scheduler", noise);
    if (!scheduler.trainedBetas().isEmpty()) {
      differ.add("scheduler trained_betas");
    }
    if (!differ.isEmpty()) {
      notes.add(
          "the single file's own values are not read: other programs draw with those of %s (%s)"
              .formatted(version, String.join("; ", differ)));
    }
  }

  private void compare(List<String> differ, String component, Map<String, Object> values) {
    JsonNode published =
        tree(
            component
                + (component.equals("scheduler") ? "/scheduler_config" : "/config")
                + ".json");
    values.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            value -> {
              JsonNode there = published.path(value.getKey());
              JsonNode here = Json.tree(value.getValue());
              if (!there.equals(here)) {
                differ.add("%s %s %s, not %s".formatted(component, value.getKey(), here, there));
              }
            });
  }

  private JsonNode tree(String name) {
    try {
      return Json.READER.readTree(standard.getOrDefault(name, new byte[0]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
