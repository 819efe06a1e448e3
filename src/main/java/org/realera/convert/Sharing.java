package org.realera.convert;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.convert.ConvertResult.Layer;
import org.realera.files.FileTree;
import org.realera.files.OutputTransaction;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/** What makes a model differ from its base, in a file small enough to share: deltas and LoRA. */
final class Sharing {
  private static final String UNET = "unet";
  private static final String NOTHING = "nothing was written";

  private final ConvertRequest request;
  private final Checkpoint model;
  private final Checkpoint base;
  private final ModelRef baseRef;
  private final Progress progress;
  private final List<String> notes = new ArrayList<>();

  Sharing(ConvertRequest request, Checkpoint model, Progress progress) {
    this.request = request;
    this.model = model;
    this.progress = progress;
    this.baseRef = request.base().orElseThrow();
    this.base = Checkpoint.open(baseRef.path());
    base.verify();
  }

  /**
   * Writes the file.
   *
   * @throws RealeraException usage if the two models do not differ, or not in the U-Net only
   */
  ConvertResult write() {
    List<Path> sources = List.of(model.location(), base.location());
    long bytes = 0; // how much differs is not known yet
    try (OutputTransaction output =
        OutputTransaction.file(request.output(request.file(), sources, bytes))) {
      return output.write(
          staged -> {
            begin("Compare", 1);
            List<String> changed = changed();
            return request.to().isLora() ? lora(staged, changed) : delta(staged, changed);
          });
    }
  }

  /** The U-Net's tensors that differ. */
  private List<String> changed() {
    ModelDiff diff = ModelDiff.of(model, base);
    List<String> strange = new ArrayList<>(diff.reshaped());
    strange.addAll(diff.added());
    strange.addAll(diff.missing());
    diff.changed().keySet().stream().filter(n -> !n.startsWith(UNET + ".")).forEach(strange::add);
    if (!strange.isEmpty()) {
      throw RealeraException.usage(
          "%s differs from %s in more than values of the U-Net: %s%s"
              .formatted(
                  request.model().name(),
                  baseRef.name(),
                  strange.get(0),
                  strange.size() > 1 ? " and " + (strange.size() - 1) + " more" : ""),
          "Give the base that it was made from; or share the whole model, --to single-file.");
    }
    if (diff.changed().isEmpty()) {
      throw RealeraException.usage(
          "%s and %s have the same values: there is nothing to share"
              .formatted(request.model().name(), baseRef.name()),
          "Give the base that it was made from.");
    }
    return diff.changed().keySet().stream().map(n -> n.substring(UNET.length() + 1)).toList();
  }

  private ConvertResult delta(Path staged, List<String> changed) {
    try (Weights unet = model.openUnet()) {
      List<TensorSource> tensors = new ArrayList<>();
      for (String name : changed) {
        TensorSource.Stored tensor = unet.stored(name);
        tensors.add(request.dtype().isPresent() ? tensor.as(request.dtype().get()) : tensor);
      }
      Map<String, String> metadata = metadata("/delta");
      metadata.put("realera.delta", "U-Net tensors that replace those of the base");
      write(staged, metadata, tensors);
      return result(staged, tensors.size(), List.of());
    }
  }

  private ConvertResult lora(Path staged, List<String> changed) {
    DType dtype = request.dtype().orElse(DType.F32);
    List<Change> changes = new ArrayList<>();
    try (Weights after = model.openUnet();
        Weights before = base.openUnet()) {
      requireLayers(changed, after);
      begin("Factor", changed.size());
      for (String name : changed) {
        step(changes.size());
        changes.add(Change.of(name, after, before));
      }
      int exactRank = changes.stream().mapToInt(Change::exactRank).max().orElse(1);
      // One rank for all: diffusers takes the first layer's for alpha, and so would scale others.
      int rank = Math.min(request.rank(), Math.max(1, exactRank));
      List<TensorSource> tensors = new ArrayList<>();
      List<Layer> told = new ArrayList<>();
      for (Change change : changes) {
        LowRank.Factors factors = change.layer().factors(rank, dtype);
        tensors.addAll(LoraTensors.of(request.to(), change.module(), factors, rank, dtype));
        told.add(change.told(rank, factors));
      }
      write(staged, loraMetadata(rank, told), tensors);
      if (rank < exactRank) {
        notes.add(
            "rank %s misses %s of the change (Frobenius norm, all layers together); --rank %s holds"
                    .formatted(rank, percent(ConvertResult.missed(told)), exactRank)
                + " the whole, and so does --to delta");
      }
      return result(staged, tensors.size(), told);
    } finally {
      changes.forEach(change -> change.layer().close());
    }
  }

  /** Two digits: 66 %, 6.6 %, 0.066 %. */
  static String percent(double part) {
    return new BigDecimal(100 * part)
            .round(new MathContext(part >= 0.995 ? 3 : 2))
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }

  private ConvertResult result(Path staged, int tensors, List<Layer> layers) {
    return new ConvertResult(request.file(), FileTree.size(staged), tensors, layers, notes);
  }

  private void write(Path file, Map<String, String> metadata, List<TensorSource> tensors) {
    begin("Write", tensors.size());
    SafetensorsWriter.write(file, metadata, tensors, this::step);
  }

  private void begin(String task, int steps) {
    progress.check(NOTHING);
    progress.begin(task, steps);
  }

  private void step(int done) {
    progress.check(NOTHING);
    progress.step(done);
  }

  /** One layer's change. */
  private record Change(String module, String shape, LowRank layer, int exactRank) {
    static Change of(String name, Weights after, Weights before) {
      TensorInfo info = after.stored(name).info();
      try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
        LowRank layer = new LowRank(after.read(name, scope), before.read(name, scope));
        return new Change(
            LoraTensors.module(name), info.shapeText(), layer, layer.exactRank(info.dtype()));
      }
    }

    Layer told(int rank, LowRank.Factors factors) {
      return new Layer(
          module, shape, layer.norm(), rank, exactRank, factors.error(), factors.weightError());
    }
  }

  private void requireLayers(List<String> changed, Weights unet) {
    for (String name : changed) {
      TensorInfo info = unet.stored(name).info();
      if (!LoraTensors.canFactor(name, info)) {
        throw RealeraException.usage(
            "%s differs in %s %s, which is no weight of a linear layer or convolution: LoRA can't say that"
                .formatted(request.model().name(), name, info.shapeText()),
            "Use --to delta or --to single-file.");
      }
    }
  }

  private Map<String, String> metadata(String form) {
    Map<String, String> metadata = FileMetadata.of(request.model(), model, form);
    begin("Fingerprint of the base", 1);
    String sha = base.fingerprint(UNET);
    metadata.put("realera.base", FileMetadata.shareable(baseRef.name()));
    metadata.put("realera.base.sha256.unet", sha);
    Manifest.find(model.root())
        .map(manifest -> manifest.model().sha256().get(UNET))
        .filter(there -> !there.equals(sha))
        .ifPresent(
            there ->
                notes.add(
                    "%s says that it was made from a U-Net with SHA-256 %.12s..., %s has %.12s..."
                        .formatted(request.model().name(), there, baseRef.name(), sha)));
    return metadata;
  }

  /** With what kohya's scripts note, as far as it is known here. */
  private Map<String, String> loraMetadata(int rank, List<Layer> layers) {
    Map<String, String> metadata = metadata("/lora");
    double worst = layers.stream().mapToDouble(Layer::weightError).max().orElse(0);
    LoraTensors.note(request.to(), metadata, model, rank, baseRef.name());
    metadata.put("realera.largest_weight_error", String.valueOf(worst));
    return metadata;
  }
}
