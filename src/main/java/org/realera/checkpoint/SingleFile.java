package org.realera.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.LayoutCheck;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.checkpoint.builtin.BuiltInTokenizer;
import org.realera.checkpoint.builtin.StandardFiles;
import org.realera.files.ContentFolder;
import org.realera.files.Environment;
import org.realera.files.Json;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/**
 * A whole Stable Diffusion 1.x or 2.x checkpoint in one {@code .safetensors} file, in the original
 * layout. Such a file has no configurations, so it gets those of SD 1.x or 2.x and CLIP's
 * tokenizer, unless it carries its own under {@link #FILES}, as the files do that this program
 * writes.
 */
public final class SingleFile {
  /** The metadata entry that holds a model's small files: a JSON object, path to text. */
  static final String FILES = "realera.files";

  /** What may travel in it; anything else is ignored, so no path can lead elsewhere. */
  static final Pattern MAY_TRAVEL =
      Pattern.compile(
          "model_index\\.json|card\\.json|realera\\.json|README\\.md|ATTRIBUTION\\.md"
              + "|LICENSE(\\.md|\\.txt)?|licenses/\\w[\\w.-]*|(unet|vae|text_encoder)/config\\.json"
              + "|scheduler/scheduler_config\\.json|tokenizer/merges\\.txt"
              + "|tokenizer/(vocab|tokenizer|tokenizer_config|special_tokens_map|added_tokens)\\.json");

  private static final String LICENSE = "modelspec.license";
  private static final String SCHEDULER = "scheduler/scheduler_config.json";

  private final Path file;
  private final boolean second;
  private final SortedMap<String, String> carried;
  private final PredictionGuess guess;
  private final String license;

  private SingleFile(
      Path file,
      boolean second,
      SortedMap<String, String> carried,
      PredictionGuess guess,
      String license) {
    this.file = file;
    this.second = second;
    this.carried = carried;
    this.guess = guess;
    this.license = license;
  }

  /**
   * Reads a file's header, and a few numbers if nothing else tells what it predicts.
   *
   * @param prediction what the user says of a file that carries no scheduler's configuration
   * @throws RealeraException not found; or damaged: no safetensors file, or of another
   *     architecture, which is named; or usage, if it says itself what it predicts
   */
  public static SingleFile read(Path file, Optional<Prediction> prediction) {
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      boolean second = SingleFileKind.requireModel(opened) == SingleFileKind.SD2;
      SortedMap<String, String> carried = carried(opened);
      if (prediction.isPresent() && carried.containsKey(SCHEDULER)) {
        throw RealeraException.usage(
            file + " carries its scheduler's configuration: --prediction has no use",
            "Leave it out.");
      }
      return new SingleFile(
          file,
          second,
          carried,
          PredictionGuess.of(opened, second, prediction),
          opened.metadata().getOrDefault(LICENSE, "").strip());
    }
  }

  /** The small files in a file's metadata; empty if it was not written by this program. */
  static SortedMap<String, String> carried(SafetensorsFile opened) {
    SortedMap<String, String> files = new TreeMap<>();
    String text = opened.metadata().get(FILES);
    if (text != null) {
      JsonNode tree;
      try {
        tree = Json.READER.readTree(text);
      } catch (JsonProcessingException e) {
        throw RealeraException.damaged(
            "%s: its metadata entry %s is not JSON".formatted(opened.path(), FILES),
            "Fetch or convert the file again.");
      }
      if (!tree.isObject()) {
        throw RealeraException.damaged(
            "%s: its metadata entry %s is no JSON object".formatted(opened.path(), FILES),
            "Fetch or convert the file again.");
      }
      tree.properties()
          .forEach(
              entry -> {
                if (MAY_TRAVEL.matcher(entry.getKey()).matches() && entry.getValue().isTextual()) {
                  files.put(entry.getKey(), entry.getValue().textValue());
                }
              });
    }
    return files;
  }

  Path file() {
    return file;
  }

  /** What its metadata say of its licence; empty for nothing. */
  String license() {
    return license;
  }

  /** Whether its text encoder is called as Stable Diffusion 2's is. */
  boolean isOpenClip() {
    return second;
  }

  /** What was found out about its prediction; empty if it carries its scheduler's configuration. */
  public Optional<PredictionGuess> guess() {
    return carried.containsKey(SCHEDULER) ? Optional.empty() : Optional.of(guess);
  }

  /**
   * A folder with configurations, scheduler and tokenizer, as a diffusers folder has them, without
   * weights; in the cache (REALERA_CACHE), shared by all files of the same content.
   */
  public Path configurations(Environment environment) {
    SortedMap<String, byte[]> files = StandardFiles.of(second, guess.prediction());
    SortedMap<String, ContentFolder.Large> tokenizer = new TreeMap<>();
    if (!carriesVocabulary()) {
      tokenizer.put(
          "tokenizer/vocab.json",
          new ContentFolder.Large(
              BuiltInTokenizer.VOCAB_SHA256, () -> bytes(BuiltInTokenizer.vocabJson())));
      tokenizer.put(
          "tokenizer/merges.txt",
          new ContentFolder.Large(
              BuiltInTokenizer.MERGES_SHA256, () -> bytes(BuiltInTokenizer.mergesText())));
    }
    carried.forEach((name, text) -> files.put(name, bytes(text)));
    Path folder = environment.realeraCache().resolve("single-file");
    return ContentFolder.of(folder, files, tokenizer);
  }

  private boolean carriesVocabulary() {
    return carried.containsKey("tokenizer/vocab.json")
        || carried.containsKey("tokenizer/tokenizer.json");
  }

  /** Refuses a text encoder that the tokenizer does not fit; only CLIP's own needs not travel. */
  void requireTokenizer(ClipTextConfig text) {
    if (!carriesVocabulary() && text.vocabSize() != BuiltInTokenizer.SIZE) {
      throw RealeraException.damaged(
          "%s: its text encoder has %s tokens, but the file carries no tokenizer"
              .formatted(file, text.vocabSize()),
          "Give the diffusers folder that it was made from.");
    }
  }

  /**
   * Opens one component under diffusers' names and shapes; what does not fit is left as it is, for
   * {@link #check} to tell.
   */
  Weights open(SortedMap<String, LdmKeys.Key> keys) {
    SafetensorsFile opened = SafetensorsFile.open(file);
    SortedMap<String, TensorSource.Stored> found = new TreeMap<>();
    keys.forEach(
        (name, key) ->
            nameIn(opened, key.name())
                .ifPresent(stored -> found.put(name, seen(opened.stored(stored), name, key))));
    // Only of Stable Diffusion 1: OpenCLIP has no such buffer.
    String positions = LdmKeys.TEXT + LdmKeys.POSITION_IDS;
    if (keys.containsKey(LdmKeys.TOKENS) && opened.tensors().containsKey(positions)) {
      List<Long> shape = opened.stored(positions).info().shape();
      found.put(LdmKeys.POSITION_IDS, opened.stored(positions).as(LdmKeys.POSITION_IDS, shape));
    }
    return new RenamedWeights(opened, found);
  }

  private static TensorSource.Stored seen(
      TensorSource.Stored stored, String name, LdmKeys.Key key) {
    List<Long> shape = stored.info().shape();
    if (key.isPart() && shape.equals(key.original())) {
      return stored.part(key.first(), name, key.shape());
    }
    boolean fits = !key.isPart() && (shape.equals(key.original()) || shape.equals(key.shape()));
    return stored.as(name, fits ? key.shape() : shape);
  }

  /** Some merging tools drop a level of the text encoder's names. */
  private static Optional<String> nameIn(SafetensorsFile opened, String name) {
    if (opened.tensors().containsKey(name)) {
      return Optional.of(name);
    }
    String shorter = name.replace(LdmKeys.TEXT + "text_model.", LdmKeys.TEXT);
    return opened.tensors().containsKey(shorter) ? Optional.of(shorter) : Optional.empty();
  }

  /** What the file has beside these components and OpenCLIP's own, and a copy of them lacks. */
  List<String> leftOut(Collection<SortedMap<String, LdmKeys.Key>> components) {
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      Set<String> used = new HashSet<>();
      components.forEach(
          keys -> keys.values().forEach(key -> nameIn(opened, key.name()).ifPresent(used::add)));
      used.add(LdmKeys.TEXT + LdmKeys.POSITION_IDS);
      opened.tensors().keySet().stream()
          .filter(name -> name.startsWith(OpenClipKeys.TEXT))
          .forEach(used::add);
      return OriginalTensors.leftOut(opened, used);
    }
  }

  /**
   * Checks that every tensor of the components is there in its shape, and that the U-Net has no
   * other. Reads the header only.
   *
   * @throws RealeraException damaged, naming the first few tensors as the file calls them
   */
  void check(List<SortedMap<String, LdmKeys.Key>> components) {
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      SingleFileKind.requireVae(opened);
      SortedMap<String, List<Long>> expected = new TreeMap<>();
      SortedMap<String, TensorInfo> found = new TreeMap<>();
      components.forEach(
          keys ->
              keys.values()
                  .forEach(
                      key -> {
                        expected.put(key.name(), key.original());
                        nameIn(opened, key.name())
                            .map(n -> opened.tensors().get(n))
                            .ifPresent(info -> found.put(key.name(), asOriginal(info, key)));
                      }));
      opened
          .tensors()
          .forEach(
              (name, info) -> {
                if (name.startsWith(LdmKeys.UNET)) {
                  found.putIfAbsent(name, info);
                }
              });
      LayoutCheck.check(
          file.toString(),
          found,
          expected,
          "the architecture of the model",
          "If a tool has rewritten it and dropped its metadata, give the file as it was; else the"
              + " diffusers folder that it was made from.");
    }
  }

  private static TensorInfo asOriginal(TensorInfo info, LdmKeys.Key key) {
    boolean seen = !key.isPart() && info.shape().equals(key.shape());
    List<Long> shape = seen ? key.original() : info.shape();
    return new TensorInfo(key.name(), info.dtype(), shape);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
