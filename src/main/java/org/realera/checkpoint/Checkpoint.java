package org.realera.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.Architecture;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.ClipTextLayout;
import org.realera.checkpoint.architecture.LayoutCheck;
import org.realera.checkpoint.architecture.ModelIndex;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.checkpoint.architecture.SchedulerConfig;
import org.realera.checkpoint.architecture.UNetConfig;
import org.realera.checkpoint.architecture.UNetLayout;
import org.realera.checkpoint.architecture.VaeConfig;
import org.realera.checkpoint.architecture.VaeLayout;
import org.realera.checkpoint.tokenizer.ClipVocabulary;
import org.realera.files.Digests;
import org.realera.files.Environment;
import org.realera.files.IoErrors;
import org.realera.safetensors.ShardedWeights;
import org.realera.safetensors.Weights;

/**
 * A Stable Diffusion 1.x or 2.x model under diffusers' names: a folder with model_index.json, unet,
 * vae, text_encoder, tokenizer and scheduler, or a single file in the original layout. Opening
 * reads the configurations; tokenizer and weights are read when asked for.
 */
public final class Checkpoint {
  public static final String UNET = "unet";
  public static final String VAE = "vae";
  public static final String TEXT_ENCODER = "text_encoder";

  /** What {@link #fingerprints} calls the configurations. */
  public static final String CONFIG = "config";

  /** What {@link #fingerprints} calls the tokenizer. */
  public static final String TOKENIZER = "tokenizer";

  /** The parts that have weights, as a folder calls them. */
  public static final List<String> COMPONENTS = List.of(UNET, VAE, TEXT_ENCODER);

  /** What diffusers and transformers call a component's weights. */
  static final Map<String, String> BASE_NAMES =
      Map.of(
          UNET, "diffusion_pytorch_model", VAE, "diffusion_pytorch_model", TEXT_ENCODER, "model");

  private final Path root;
  private final @Nullable SingleFile single;
  private final @Nullable SortedMap<String, SortedMap<String, LdmKeys.Key>> singleKeys;
  private final ModelIndex index;
  private final Architecture architecture;
  private @Nullable ClipVocabulary tokenizer;

  private Checkpoint(Path root, @Nullable SingleFile single) {
    this.root = root;
    this.single = single;
    this.index = ModelIndex.read(root.resolve(ModelIndex.FILE));
    this.architecture = Architecture.read(root);
    // Every opening of a component needs them.
    this.singleKeys = single == null ? null : originalKeys(single.isOpenClip());
  }

  /**
   * Opens a folder and reads its configurations; or a single file, whose tensors are checked by
   * name and shape.
   *
   * @throws RealeraException not found or damaged; names file, key, expected and found
   */
  public static Checkpoint open(Path model) {
    return open(model, Optional.empty());
  }

  /**
   * The same, told what the U-Net of a single file predicts that does not say it.
   *
   * @throws RealeraException also usage, if the model says it
   */
  public static Checkpoint open(Path model, Optional<Prediction> prediction) {
    return open(model, prediction, new Environment(System.getenv()));
  }

  static Checkpoint open(Path folder, Environment environment) {
    return open(folder, Optional.empty(), environment);
  }

  static Checkpoint open(Path folder, Optional<Prediction> prediction, Environment environment) {
    if (Files.isRegularFile(folder)) {
      return openFile(SingleFile.read(folder, prediction), environment);
    }
    if (prediction.isPresent()) {
      throw RealeraException.usage(
          "--prediction is for single files; " + folder + " has a scheduler_config.json",
          "Leave it out, or edit prediction_type in that file.");
    }
    if (!Files.isDirectory(folder)) {
      throw RealeraException.notFound(
          "there is no folder " + folder, "Give a diffusers folder, a hub name or `pocket`.");
    }
    if (!Files.exists(folder.resolve(ModelIndex.FILE))) {
      throw RealeraException.notFound(
          folder + " has no " + ModelIndex.FILE + ", so it is not a diffusers model",
          "Give the folder that holds model_index.json, unet, vae, text_encoder and tokenizer."
              + single(folder)
                  .map(file -> " If " + file + " is a whole model, name it.")
                  .orElse(""));
    }
    return new Checkpoint(folder, null);
  }

  /** The first file of weights in a folder: users name the folder that it was saved in. */
  private static Optional<Path> single(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty(); // the error is the missing list's
    }
  }

  private static Checkpoint openFile(SingleFile file, Environment environment) {
    Checkpoint model = new Checkpoint(file.configurations(environment), file);
    file.requireTokenizer(model.textConfig());
    file.check(List.copyOf(model.originalKeys().values()));
    return model;
  }

  /** The folder where a model's small files are (card.json, realera.json): {@link #root}. */
  public static Path filesOf(Path model) {
    return Files.isRegularFile(model) ? open(model).root() : model;
  }

  /** The folder of configurations, scheduler and tokenizer; of a folder, itself. */
  public Path root() {
    return root;
  }

  /** The folder or file that this was opened as. */
  public Path location() {
    return single == null ? root : single.file();
  }

  /** The files that make the model what it is: the single one, or weights and configurations. */
  public List<Path> files() {
    if (single != null) {
      return List.of(single.file());
    }
    List<Path> files = new ArrayList<>();
    for (String part : List.of(UNET, VAE, TEXT_ENCODER, "scheduler", "tokenizer")) {
      try (Stream<Path> below = Files.list(root.resolve(part))) {
        below.filter(Files::isRegularFile).forEach(files::add);
      } catch (IOException e) {
        if (!(e instanceof NoSuchFileException)) { // where it is needed, reading says so
          throw IoErrors.reading(root.resolve(part), e);
        }
      }
    }
    return List.copyOf(files);
  }

  /** Whether this is a single file. */
  public boolean isSingleFile() {
    return single != null;
  }

  public UNetConfig unetConfig() {
    return architecture.unet();
  }

  public VaeConfig vaeConfig() {
    return architecture.vae();
  }

  public ClipTextConfig textConfig() {
    return architecture.text();
  }

  public SchedulerConfig schedulerConfig() {
    return architecture.scheduler();
  }

  /**
   * The tokenizer's tables, from vocab.json and merges.txt or from tokenizer.json; read once.
   *
   * @throws RealeraException (not found, damaged) if they are none of CLIP's
   */
  public synchronized ClipVocabulary tokenizer() {
    if (tokenizer == null) {
      tokenizer = ClipVocabulary.read(root.resolve("tokenizer"));
    }
    return tokenizer;
  }

  /** Opens the U-Net's weights; the caller closes them. */
  public Weights openUnet() {
    return open(UNET);
  }

  /** Opens the VAE's weights, attention under today's names; the caller closes them. */
  public Weights openVae() {
    return RenamedWeights.vae(open(VAE)); // a single file's are mapped from their original names
  }

  /** Opens the text encoder's weights under the names of SD v1.4's; the caller closes them. */
  public Weights openTextEncoder() {
    return RenamedWeights.text(open(TEXT_ENCODER));
  }

  /** A component's weights, of a folder under the names in its files; the caller closes them. */
  private Weights open(String component) {
    return single == null
        ? ShardedWeights.open(root.resolve(component), baseName(component))
        : single.open(Objects.requireNonNull(originalKeys().get(component)));
  }

  /** Opens a component's weights under today's names; the caller closes them. */
  public Weights openComponent(String component) {
    return switch (component) {
      case VAE -> openVae();
      case TEXT_ENCODER -> openTextEncoder();
      default -> open(component);
    };
  }

  /** Whether this is Stable Diffusion 2: it is told from 1 by what its U-Net does with text. */
  public boolean isVersion2() {
    return architecture.unet().useLinearProjection();
  }

  /** What the U-Net predicts, and how that was found out, of a single file that does not say it. */
  public Optional<PredictionGuess> guessedPrediction() {
    return Optional.ofNullable(single).flatMap(SingleFile::guess);
  }

  /** What to tell before hours of work rest on that, unless somebody said it. */
  public Optional<String> doubtfulPrediction() {
    return guessedPrediction().flatMap(guess -> guess.doubt(location()));
  }

  /** The licence that a single file's metadata state; empty for none, and of a folder. */
  public Optional<String> statedLicense() {
    return single().map(SingleFile::license).filter(text -> !text.isEmpty());
  }

  /** Tensors of a single file that are no part of the model; empty for a folder. */
  List<String> beside() {
    return single().map(file -> file.leftOut(originalKeys().values())).orElse(List.of());
  }

  /** The file, if this is one. */
  Optional<SingleFile> single() {
    return Optional.ofNullable(single);
  }

  /** Component to diffusers' name of each tensor to what the original layout calls it. */
  SortedMap<String, SortedMap<String, LdmKeys.Key>> originalKeys() {
    return singleKeys == null ? originalKeys(isVersion2()) : singleKeys;
  }

  private SortedMap<String, SortedMap<String, LdmKeys.Key>> originalKeys(boolean openClip) {
    return LdmKeys.of(architecture.unet(), architecture.vae(), architecture.text(), openClip);
  }

  public static String baseName(String component) {
    return BASE_NAMES.getOrDefault(component, "model");
  }

  /** The folders that model_index.json lists, so that {@code from_pretrained} loads them. */
  Set<String> components() {
    return index.keys();
  }

  /** Whether model_index.json lists a part that is there, and not null. */
  boolean hasPart(String name) {
    return index.has(name);
  }

  /**
   * Checks that every tensor that the configurations ask for is there in its shape, and no other.
   * Reads headers only.
   *
   * @throws RealeraException not found, or damaged naming the file and the first few tensors
   */
  public void verify() {
    verify(Extent.WHOLE);
  }

  /** The same of what is read. */
  public void verify(Extent extent) {
    for (String component : extent.components()) {
      try (Weights weights = openComponent(component)) {
        LayoutCheck.check(weights, layout(component));
      }
    }
  }

  private SortedMap<String, List<Long>> layout(String component) {
    return switch (component) {
      case UNET -> UNetLayout.of(architecture.unet());
      case VAE -> VaeLayout.of(architecture.vae());
      default -> ClipTextLayout.of(architecture.text());
    };
  }

  /**
   * Reads all weights and checks that none is NaN or infinite.
   *
   * @throws RealeraException damaged, naming file, tensor and element
   */
  public void verifyFinite() {
    for (String component : COMPONENTS) {
      try (Weights weights = open(component)) {
        TensorScan.requireFinite(weights, name -> true);
      }
    }
  }

  /**
   * SHA-256 of each component's tensors (names, dtypes, shapes, bytes), in hexadecimal; one of all
   * that is read of the configurations and one of the tokenizer, however they are written. Reads
   * all weights.
   */
  public SortedMap<String, String> fingerprints() {
    SortedMap<String, String> digests = new TreeMap<>();
    COMPONENTS.forEach(component -> digests.put(component, fingerprint(component)));
    putSmallFiles(digests);
    return Collections.unmodifiableSortedMap(digests);
  }

  /**
   * The same of what is read, which must be finite: one pass does for {@link #verifyFinite}, too.
   *
   * @throws RealeraException damaged, naming file, tensor and element
   */
  public SortedMap<String, String> fingerprintsOfFinite(Extent extent) {
    SortedMap<String, String> digests = new TreeMap<>();
    for (String component : extent.components()) {
      try (Weights weights = open(component)) {
        byte[] digest = TensorScan.digestOfFinite(weights, extent.tensors(component));
        digests.put(extent.name(component), HexFormat.of().formatHex(digest));
      }
    }
    putSmallFiles(digests);
    return Collections.unmodifiableSortedMap(digests);
  }

  private void putSmallFiles(SortedMap<String, String> digests) {
    digests.put(CONFIG, Digests.sha256(architecture.toString()));
    digests.put(TOKENIZER, tokenizer().sha256());
  }

  /** One component's fingerprint. */
  public String fingerprint(String component) {
    try (Weights weights = open(component)) {
      return HexFormat.of().formatHex(TensorScan.digest(weights, name -> true));
    }
  }

  /** One SHA-256 over {@link #fingerprints}, in hexadecimal. Reads all weights. */
  public String fingerprint() {
    return Lineage.digest(fingerprints());
  }

  @Override
  public String toString() {
    return location().toString();
  }
}
