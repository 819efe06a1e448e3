package org.realera.erase;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.config.AlignmentSettings;
import org.realera.config.EraseRecipe;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.UNet;
import org.realera.erase.Interruption.StoppedException;
import org.realera.method.AlignmentConcept;
import org.realera.method.NoiseAlignment;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.training.LoraAdapters;
import org.realera.training.TrainingState;

/** Lines 25-31 of Algorithm 1: pictures of the anchors, training, merge. */
final class AlignmentStage {
  private final EraseRecipe recipe;
  private final AlignmentSettings settings;
  private final Checkpoint model;
  private final UNet unet;
  private final Weights weights;
  private final Compute compute;
  private final Path state;
  private final StageLog log;

  /**
   * All is borrowed.
   *
   * @param weights the U-Net's
   * @param state the folder for saved steps
   */
  AlignmentStage(
      EraseRecipe recipe,
      Checkpoint model,
      UNet unet,
      Weights weights,
      Compute compute,
      Path state,
      StageLog log) {
    this.recipe = recipe;
    this.settings = recipe.alignment();
    this.model = model;
    this.unet = unet;
    this.weights = weights;
    this.compute = compute;
    this.state = state;
    this.log = log;
  }

  /**
   * What came of it.
   *
   * @param tensors full tensor name to merged weight, fp32 on the CPU
   */
  record Aligned(Map<String, NDArray> tensors, List<Double> losses) {}

  /**
   * Trains from the saved step if there is one, and merges.
   *
   * @param projections of the closed form, fp32 on the CPU, of {@code scope}
   * @throws StoppedException if a stop was asked for; the state is saved
   */
  Aligned run(List<ErasedConcept> concepts, Map<String, NDArray> projections, NDManager scope) {
    List<AlignmentConcept> prepared = anchorImages(concepts, scope);
    TrainingState trained = train(prepared, projections);
    return new Aligned(merge(projections, trained.adapters(), scope), trained.losses());
  }

  private List<AlignmentConcept> anchorImages(List<ErasedConcept> concepts, NDManager scope) {
    int images = concepts.size() * settings.images();
    log.begin(Stage.ANCHOR_IMAGES, (long) images * settings.imageSteps());
    Path file = state.resolve("anchor-latents.safetensors");
    Map<Integer, NDArray> latents = load(file, concepts.size(), scope);
    boolean loaded = latents.size() == concepts.size();
    if (!loaded) {
      List<TensorSource> saved = new ArrayList<>();
      try (Painter painter = new Painter(model, unet, compute)) {
        for (int c = 0; c < concepts.size(); c++) {
          long before = (long) c * settings.images() * settings.imageSteps();
          NDArray drawn =
              painter.latents(
                  requests(concepts.get(c), c, painter),
                  scope,
                  done -> log.step(Stage.ANCHOR_IMAGES, before + done));
          latents.put(c, drawn);
          saved.add(TensorSource.of(String.valueOf(c), DType.F32, drawn));
        }
      }
      SafetensorsWriter.write(file, Map.of(), saved);
    }
    List<AlignmentConcept> out = new ArrayList<>();
    for (int c = 0; c < concepts.size(); c++) {
      out.add(
          new AlignmentConcept(concepts.get(c).blocks(), Objects.requireNonNull(latents.get(c))));
    }
    if (loaded) {
      log.note("the interrupted run's pictures of the anchor are used");
    }
    log.end(Stage.ANCHOR_IMAGES, images + (images == 1 ? " picture" : " pictures"));
    return out;
  }

  /** Templates take turns. */
  private List<ImageRequest> requests(ErasedConcept concept, int index, Painter painter) {
    List<ImageRequest> requests = new ArrayList<>();
    for (int i = 0; i < settings.images(); i++) {
      var prompts = concept.prompts();
      String prompt = prompts.get(i % prompts.size()).anchor().text();
      // libtorch takes the lower 32 bits of a seed
      long seed = Noise.derive(recipe.seed(), "anchor image " + index, i) & 0xffffffffL;
      requests.add(painter.request(prompt, seed, settings.imageSteps(), settings.imageGuidance()));
    }
    return requests;
  }

  private Map<Integer, NDArray> load(Path file, int count, NDManager scope) {
    Map<Integer, NDArray> latents = new HashMap<>();
    if (Files.exists(file)) {
      try (SafetensorsFile saved = SafetensorsFile.open(file);
          NDManager inner = scope.newSubManager()) {
        for (int c = 0; c < count; c++) {
          NDArray copy = saved.read(String.valueOf(c), inner).duplicate();
          copy.attach(scope);
          latents.put(c, copy);
        }
      } catch (RealeraException e) {
        log.note("drawing the anchor again: " + e.getMessage());
        latents.clear();
      }
    }
    return latents;
  }

  private TrainingState train(List<AlignmentConcept> concepts, Map<String, NDArray> projections) {
    log.begin(Stage.ALIGNMENT, settings.steps());
    Path checkpoint = state.resolve(OutputFolder.CHECKPOINT);
    TrainingState training = begin(checkpoint);
    if (training.step() > 0) {
      log.note("going on after step " + training.step() + " of " + settings.steps());
    }
    try (NDManager device = NDManager.newBaseManager(compute.device())) {
      Edits closedForm = new Edits(projections, 1).on(compute.device(), device);
      NoiseAlignment alignment =
          new NoiseAlignment(
              unet,
              compute,
              DdimScheduler.of(model.schedulerConfig()),
              closedForm,
              concepts,
              recipe);
      boolean complete =
          alignment.train(
              training,
              checkpoint,
              new NoiseAlignment.Observer() {
                @Override
                public void done(int step, double loss) {
                  log.step(Stage.ALIGNMENT, step, loss);
                }

                @Override
                public boolean stop() {
                  return log.stopRequested();
                }
              });
      String saved =
          "step " + training.step() + " of " + settings.steps() + " is saved in " + state;
      log.saved(saved);
      if (!complete) {
        throw new StoppedException(saved);
      }
    }
    log.end(Stage.ALIGNMENT, summary(training.losses()));
    return training;
  }

  private TrainingState begin(Path checkpoint) {
    LoraAdapters adapters =
        LoraAdapters.init(
            weights.tensors(),
            settings.targets(),
            settings.rank(),
            settings.alpha(),
            Noise.derive(recipe.seed(), "lora", 0));
    var optimizer = NoiseAlignment.optimizer(settings);
    return Files.exists(checkpoint)
        ? TrainingState.load(checkpoint, adapters, optimizer)
        : TrainingState.start(adapters, optimizer);
  }

  static String summary(List<Double> losses) {
    int window = Math.max(1, Math.min(20, losses.size() / 4));
    return String.format(
        java.util.Locale.ROOT,
        "%d steps, loss %.3g (mean of the first %d) to %.3g (of the last %d)",
        losses.size(),
        mean(losses.subList(0, window)),
        window,
        mean(losses.subList(losses.size() - window, losses.size())),
        window);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** W' = W + (alpha / r) B A, over the closed form's W where it has one. */
  private Map<String, NDArray> merge(
      Map<String, NDArray> projections, LoraAdapters adapters, NDManager scope) {
    Map<String, NDArray> merged = new TreeMap<>(projections);
    for (String module : adapters.modules()) {
      String name = module + Edits.WEIGHT;
      try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
        NDArray base = projections.get(name);
        if (base == null) {
          base = weights.read(name, inner).toType(ai.djl.ndarray.types.DataType.FLOAT32, false);
        }
        NDArray sum = adapters.merge(module, base);
        sum.attach(scope);
        merged.put(name, sum);
      }
    }
    return merged;
  }
}
