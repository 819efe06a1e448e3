package org.realera.convert;

import java.util.List;
import java.util.Map;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.safetensors.DType;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;

/** How low-rank factors stand in files, under diffusers' names and kohya's. */
final class LoraTensors {
  static final String WEIGHT = ".weight";
  private static final String UNET = Checkpoint.UNET;

  private LoraTensors() {}

  /** Whether a tensor is the weight of a linear layer or convolution. */
  static boolean canFactor(String name, TensorInfo info) {
    int axes = info.shape().size();
    return (axes == 2 || axes == 4) && name.endsWith(WEIGHT);
  }

  /** A layer's name without {@code .weight}. */
  static String module(String name) {
    return name.substring(0, name.length() - WEIGHT.length());
  }

  /** The factors of a layer. */
  static List<TensorSource> of(
      Target to, String module, LowRank.Factors factors, int rank, DType dtype) {
    if (to == Target.LORA) {
      String name = UNET + "." + module;
      return List.of(
          TensorSource.of(name + ".lora_A.weight", dtype, factors.down()),
          TensorSource.of(name + ".lora_B.weight", dtype, factors.up()));
    }
    String name = "lora_unet_" + module.replace('.', '_');
    return List.of(
        TensorSource.of(name + ".lora_down.weight", dtype, factors.down()),
        TensorSource.of(name + ".lora_up.weight", dtype, factors.up()),
        // alpha / rank scales B A: one, so not rounded, as bfloat16 would from 257 on.
        TensorSource.of(name + ".alpha", DType.F32, List.of(), new float[] {rank}));
  }

  /**
   * Adds what kohya's scripts note, as far as it is known here.
   *
   * @param base name of the model that the factors are for
   */
  static void note(
      Target to, Map<String, String> metadata, Checkpoint model, int rank, String base) {
    metadata.put("realera.rank", String.valueOf(rank));
    if (to == Target.KOHYA) {
      metadata.put("ss_network_module", "networks.lora");
      metadata.put("ss_network_dim", String.valueOf(rank));
      metadata.put("ss_network_alpha", String.valueOf(rank));
      metadata.put("ss_base_model_version", kohyaVersion(model));
      metadata.put("ss_sd_model_name", FileMetadata.shareable(base));
      metadata.put("ss_v2", model.isVersion2() ? "True" : "False");
      metadata.put("ss_training_comment", metadata.getOrDefault("realera.erased", ""));
    }
  }

  /** In the words of kohya's scripts. */
  private static String kohyaVersion(Checkpoint model) {
    boolean v = model.schedulerConfig().predictionType().equals(Prediction.V.key());
    return (model.isVersion2() ? "sd_v2" : "sd_v1") + (v ? "_v" : "");
  }
}
