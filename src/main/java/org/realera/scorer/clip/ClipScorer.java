package org.realera.scorer.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.ClipLayout;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.ClipVisionConfig;
import org.realera.checkpoint.architecture.LayoutCheck;
import org.realera.checkpoint.tokenizer.ClipVocabulary;
import org.realera.diffusion.Image;
import org.realera.files.Digests;
import org.realera.safetensors.ShardedWeights;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.WeightFiles;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Finite;
import org.realera.tensor.Resources;
import org.realera.text.ClipTokenizer;

/**
 * Scores images by a CLIP model in the layout of transformers' {@code CLIPModel}: 100 x cosine
 * between the image's features and those of each label's prompt.
 */
public final class ClipScorer implements AutoCloseable {
  /** What the files of its weights begin with, as transformers names them. */
  private static final String WEIGHTS = "model";

  private static final float SCALE = 100;

  /** Prompts whose features are kept for the next image. */
  private static final int KNOWN = 1_000;

  private final Resources resources;
  private final ClipModel model;
  private final ClipTokenizer tokenizer;
  private final ClipPreprocessor preprocessor;
  private final Compute compute;
  private final float[][] texts;
  private final Map<String, float[]> known = new HashMap<>();

  private ClipScorer(
      Resources resources,
      ClipModel model,
      ClipTokenizer tokenizer,
      ClipPreprocessor preprocessor,
      Compute compute,
      float[][] texts) {
    this.resources = resources;
    this.model = model;
    this.tokenizer = tokenizer;
    this.preprocessor = preprocessor;
    this.compute = compute;
    this.texts = texts;
  }

  /**
   * Loads a scorer.
   *
   * @param folder config.json, model.safetensors, a tokenizer, and preprocessor_config.json or
   *     processor_config.json
   * @param prompts the prompt of each label; none for {@link #score(Image, String)} alone
   * @throws RealeraException (not found, damaged) if it is no CLIP model, or one whose weights or
   *     processor do not fit it, or whose text features are not finite
   */
  public static ClipScorer load(Path folder, List<String> prompts, Compute compute) {
    Path config = config(folder);
    ClipTextConfig text = ClipTextConfig.readWhole(config);
    ClipVisionConfig vision = ClipVisionConfig.read(config);
    ClipPreprocessor preprocessor = ClipPreprocessor.open(folder);
    if (preprocessor.cropHeight() != vision.imageSize()
        || preprocessor.cropWidth() != vision.imageSize()) {
      throw RealeraException.damaged(
          "%s: the processor makes pictures of %s x %s, the model takes %s x %s"
              .formatted(
                  folder,
                  preprocessor.cropWidth(),
                  preprocessor.cropHeight(),
                  vision.imageSize(),
                  vision.imageSize()),
          "Give the processor that belongs to the model.");
    }
    return Resources.load(
        resources -> {
          Weights weights = resources.own(ShardedWeights.open(folder, WEIGHTS), Weights::close);
          requireLayout(weights, text, vision);
          ClipModel model =
              resources.own(ClipModel.load(weights, text, vision, compute), ClipModel::close);
          ClipTokenizer tokenizer =
              resources.own(
                  ClipTokenizer.load(ClipVocabulary.read(folder), text), ClipTokenizer::close);
          float[][] features = textFeatures(model, tokenizer, prompts, compute);
          return new ClipScorer(resources, model, tokenizer, preprocessor, compute, features);
        });
  }

  /**
   * SHA-256 of the weights' files, and of what is read of configuration, processor and tokenizer.
   *
   * @throws RealeraException as {@link #load}
   */
  public static String fingerprint(Path folder) {
    Path config = config(folder);
    return Digests.sha256(
        String.join(
            "\n",
            Digests.sha256(WeightFiles.find(folder, WEIGHTS).files()),
            ClipTextConfig.readWhole(config).toString(),
            ClipVisionConfig.read(config).toString(),
            ClipPreprocessor.open(folder).toString(),
            ClipVocabulary.read(folder).sha256()));
  }

  private static void requireLayout(Weights weights, ClipTextConfig text, ClipVisionConfig vision) {
    SortedMap<String, TensorInfo> found = new TreeMap<>(weights.tensors());
    found.remove("logit_scale"); // of training, and not read
    LayoutCheck.check(
        weights.source(),
        found,
        ClipLayout.of(text, vision),
        "the config.json beside it",
        "Use the config.json and weights of one CLIP model, as transformers saves it.");
  }

  private static Path config(Path folder) {
    Path config = folder.resolve("config.json");
    if (!Files.isRegularFile(config)) {
      throw RealeraException.notFound(
          "the scorer " + folder + " has no config.json",
          "Give a folder with a CLIP model as transformers saves it: --scorer DIR.");
    }
    return config;
  }

  private static float[][] textFeatures(
      ClipModel model, ClipTokenizer tokenizer, List<String> prompts, Compute compute) {
    if (prompts.isEmpty()) {
      return new float[0][];
    }
    long[][] ids =
        prompts.stream().map(prompt -> tokenizer.tokenize(prompt).ids()).toArray(long[][]::new);
    try (NDManager scope = NDManager.newBaseManager(compute.device())) {
      NDArray features = model.textFeatures(scope, ids);
      int broken = Finite.firstBroken(features);
      if (broken >= 0) {
        throw RealeraException.damaged(
            "CLIP's text encoder gives numbers that are NaN or infinite for \""
                + prompts.get(broken)
                + "\"",
            "The scorer's weights are broken: fetch them again.");
      }
      return normalised(features);
    }
  }

  /**
   * Scores images by the labels.
   *
   * @return for each image 100 x cosine with each label, in the labels' order; NaN if its features
   *     are not finite
   */
  public List<List<Float>> score(List<Image> images) {
    List<List<Float>> scores = new ArrayList<>();
    for (float[] image : imageFeatures(images)) {
      List<Float> row = new ArrayList<>();
      for (float[] text : texts) {
        row.add((float) (SCALE * cosine(image, text)));
      }
      scores.add(List.copyOf(row));
    }
    return List.copyOf(scores);
  }

  /** 100 x cosine between one image and any prompt, which need not be a label's. */
  public double score(Image image, String prompt) {
    float[] text = textFeatures(model, tokenizer, List.of(prompt), compute)[0];
    return SCALE * cosine(imageFeatures(List.of(image))[0], text);
  }

  /**
   * 100 x cosine between each image and its prompt. Prompts are encoded one by one, so that a score
   * does not depend on its neighbors.
   *
   * @param prompts as many as images
   */
  public List<Double> score(List<Image> images, List<String> prompts) {
    float[][] features = imageFeatures(images);
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < features.length; i++) {
      if (known.size() >= KNOWN) {
        known.clear();
      }
      float[] text =
          known.computeIfAbsent(
              prompts.get(i), p -> textFeatures(model, tokenizer, List.of(p), compute)[0]);
      scores.add(SCALE * cosine(features[i], text));
    }
    return List.copyOf(scores);
  }

  private float[][] imageFeatures(List<Image> images) {
    List<float[]> pixels = images.parallelStream().map(preprocessor::process).toList();
    int each = pixels.get(0).length;
    float[] flat = new float[each * pixels.size()];
    for (int i = 0; i < pixels.size(); i++) {
      System.arraycopy(pixels.get(i), 0, flat, i * each, each);
    }
    try (NDManager scope = NDManager.newBaseManager(compute.device())) {
      Shape shape =
          new Shape(pixels.size(), 3, preprocessor.cropHeight(), preprocessor.cropWidth());
      return normalised(model.imageFeatures(scope, scope.create(flat, shape)));
    }
  }

  private static double cosine(float[] image, float[] text) {
    double cosine = 0;
    for (int k = 0; k < text.length; k++) {
      cosine += (double) image[k] * text[k];
    }
    return cosine;
  }

  /** Rows of length 1, [n][d]. */
  private static float[][] normalised(NDArray features) {
    int rows = (int) features.getShape().get(0);
    int width = (int) features.getShape().get(1);
    float[] flat = features.toFloatArray();
    float[][] result = new float[rows][width];
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int k = 0; k < width; k++) {
        sum += (double) flat[r * width + k] * flat[r * width + k];
      }
      double length = Math.sqrt(sum);
      for (int k = 0; k < width; k++) {
        result[r][k] = (float) (flat[r * width + k] / length);
      }
    }
    return result;
  }

  @Override
  public void close() {
    resources.close();
  }
}
