package org.realera.chaos;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelCard;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.TinyModel;
import org.realera.config.RecipeReader;
import org.realera.convert.ModelInfo;
import org.realera.diffusion.images.PngReader;
import org.realera.erase.PriorEntry;
import org.realera.erase.StateFolder;
import org.realera.eval.WrittenRun;
import org.realera.eval.attack.WrittenAttack;
import org.realera.eval.run.RunReader;
import org.realera.eval.suite.PromptLists;
import org.realera.eval.suite.SuiteReader;
import org.realera.files.Json;
import org.realera.golden.Corpus;
import org.realera.golden.Golden;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.ShardedWeights;
import org.realera.safetensors.Weights;
import org.realera.scorer.ImageFiles;
import org.realera.scorer.fid.FeatureStatistics;
import org.realera.text.ClipTokenizer;
import org.realera.training.AdamW;
import org.realera.training.LoraAdapters;
import org.realera.training.TrainingState;

/**
 * Every kind of file that the program reads but networks of other formats (TorchScript, ONNX),
 * which are known by their digests or read by other people's code.
 */
final class Inputs {
  private static final Input.Repair NONE = damaged -> damaged;

  private final Path root;
  private final List<Input> inputs = new ArrayList<>();

  private Inputs(Path root) {
    this.root = root;
  }

  /** All of them, below a folder that is empty. */
  static List<Input> all(Path root) throws IOException {
    Inputs all = new Inputs(root);
    all.lists();
    all.runs();
    all.models();
    all.weights();
    all.images();
    all.inputs.addAll(ListInputs.all(Files.createDirectories(root.resolve("lists"))));
    all.inputs.addAll(ModelInputs.all(Files.createDirectories(root.resolve("models"))));
    all.inputs.addAll(ScorerInputs.all(Files.createDirectories(root.resolve("scorers"))));
    return List.copyOf(all.inputs);
  }

  private void text(String name, Path file, Input.Reader reader) throws IOException {
    inputs.add(Input.ofText(name, file, reader));
  }

  private Path file(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private void lists() throws IOException {
    text(
        "i2p.csv",
        file(
            "i2p.csv",
            "prompt,categories,hard,sd_seed,sd_guidance_scale,sd_image_width\n"
                + "\"a \"\"quoted\"\", prompt \",\"violence, self-harm\",1,4261553411,13,512\n"
                + "two\u00e9,hate,0,612304884,7.5,512\n\"over\ntwo lines\",hate,0,5.0,7,512\n"),
        PromptLists::i2p);
    text(
        "coco.csv",
        file(
            "coco.csv",
            "case_number,source,prompt,evaluation_seed,coco_id\n0,coco-30k,A bike.,41337,203564\n"
                + "1,coco-30k,\"A car, red.\",41338,203565\n"),
        PromptLists::coco);
    text(
        "artists.csv",
        file(
            "artists.csv",
            ",type,artist,prompt,evaluation_seed\n0,0,Brent,Image in the style of Brent,1\n"
                + "1,1,Alex Garant,A famous artwork by Alex Garant,4\n"),
        PromptLists::artists);
    Path recipe = root.resolve("recipe.yaml");
    Files.copy(Path.of("configs/erase/object.yaml"), recipe);
    text("recipe.yaml", recipe, RecipeReader::read);
    Path suite = root.resolve("suite.yaml");
    Files.copy(Path.of("src/main/resources/org/realera/suites/cifar10.yaml"), suite);
    text("suite.yaml", suite, file -> SuiteReader.read(file.toString()));
  }

  private void runs() throws IOException {
    Path run = WrittenRun.in(root.resolve("eval"));
    Input.Reader reader = file -> RunReader.read(List.of(run));
    text("run.json", run.resolve("run.json"), reader);
    text("images.csv", run.resolve("images.csv"), reader);
    text("fid.json", run.resolve("fid.json"), reader);
    text("settings.json", file("settings.json", "{\"a\": [1, 2.5, null], \"b\": {}}"), Json::read);
    Path attack = WrittenAttack.in(root.resolve("attack"));
    for (String name : List.of("run.json", "ring-a-bell/000.json", "ring-a-bell/settings.json")) {
      text(
          "attack-" + name.replace('/', '-'),
          attack.resolve(name),
          file -> WrittenAttack.report(attack));
    }
  }

  private void models() throws IOException {
    Path model = TinyModel.copyTo(root.resolve("model"));
    Files.writeString(model.resolve("card.json"), "{\"steps\": 20, \"guidance\": 3.5}\n");
    Files.writeString(
        model.resolve("realera.json"),
        """
        {"realera": "0.1.0", "model": {"ref": "pocket", "sha256": {"unet": "00"}},
         "compute": {"device": "cpu", "dtype": "fp32", "engine": "x"}, "seed": 1,
         "recipe": {"concepts": [{"concept": "airplane", "anchor": "sky"}]},
         "results": {"mine": {"a": 1}}, "losses": [0.5, 0.25], "timings": {"total": 1.5}}
        """);
    Files.writeString(
        model.resolve("README.md"),
        "---\nlicense: mit\ntags:\n- a\n---\n\n# A card\n\n" + "text\n".repeat(40));
    for (String name :
        List.of(
            "model_index.json",
            "scheduler/scheduler_config.json",
            "unet/config.json",
            "vae/config.json",
            "text_encoder/config.json")) {
      text(name.replace('/', '-'), model.resolve(name), f -> Checkpoint.open(model).verify());
    }
    text(
        "card.json",
        model.resolve("card.json"),
        f -> ModelCard.of(model, List.of("object", "style")));
    text("realera.json", model.resolve("realera.json"), f -> Manifest.read(model).pairs());
    ModelRef ref = new ModelRef("tiny", model);
    text("README.md", model.resolve("README.md"), f -> ModelInfo.of(ref));
    for (String name :
        List.of("vocab.json", "merges.txt", "special_tokens_map.json", "tokenizer_config.json")) {
      Path tokenizer = model.resolve("tokenizer");
      text(name, tokenizer.resolve(name), f -> ClipTokenizer.load(tokenizer).close());
    }
  }

  private void weights() throws IOException {
    List<byte[]> small =
        List.of(
            read(Golden.path("safetensors/every-dtype.safetensors")),
            read(Golden.path("safetensors/no-metadata.safetensors")),
            read(Golden.path("safetensors/no-tensors.safetensors")));
    inputs.add(
        new Input(
            "x.safetensors",
            root.resolve("x.safetensors"),
            small,
            false,
            Inputs::headerLength,
            Inputs::readAll));
    Path shards = Files.createDirectories(root.resolve("shards"));
    for (String name :
        List.of(
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json")) {
      Files.copy(Golden.path("safetensors/" + name), shards.resolve(name));
    }
    text(
        "index.json",
        shards.resolve("model.safetensors.index.json"),
        f -> ShardedWeights.open(shards, "model").close());
    state();
    Path prior = PriorEntry.write(root.resolve("prior"));
    inputs.add(
        new Input(
            "prior.safetensors",
            prior,
            List.of(read(prior)),
            false,
            Inputs::headerLength,
            f -> PriorEntry.read(root.resolve("prior"))));
    Path npz = root.resolve("statistics.npz");
    Files.copy(Golden.path("fid/full-a.npz"), npz);
    inputs.add(
        new Input("statistics.npz", npz, List.of(read(npz)), false, NONE, FeatureStatistics::read));
  }

  private void state() throws IOException {
    Path state = root.resolve("alignment.safetensors");
    AdamW.Settings settings = AdamW.Settings.of(1e-3, 0.01);
    LoraAdapters adapters;
    try (Weights unet = Checkpoint.open(TinyModel.copyTo(root.resolve("of"))).openUnet()) {
      adapters = LoraAdapters.init(unet.tensors(), List.of("attn2.to_k"), 1, 1, 7);
    }
    TrainingState training = TrainingState.start(adapters, settings);
    training.losses().add(0.5);
    training.save(new StateFolder(root), "alignment");
    inputs.add(
        new Input(
            "alignment.safetensors",
            state,
            List.of(read(state)),
            false,
            Inputs::headerLength,
            f ->
                TrainingState.load(
                    new StateFolder(f.getParent()), "alignment", adapters, settings)));
  }

  private void images() throws IOException {
    for (String ending : List.of("png", "jpg")) {
      List<byte[]> seeds = new ArrayList<>();
      try (Stream<Path> files = Files.list(Corpus.folder("pictures"))) {
        for (Path file : files.sorted().toList()) {
          boolean whole = Files.exists(file.resolveSibling(file.getFileName() + ".ppm"));
          if (whole && file.toString().endsWith("." + ending) && Files.size(file) < 20_000) {
            seeds.add(read(file));
          }
        }
      }
      inputs.add(
          new Input(
              "picture." + ending,
              root.resolve("picture." + ending),
              seeds,
              false,
              ending.equals("png") ? Inputs::checksums : NONE,
              file -> {
                PngReader.texts(file);
                ImageFiles.read(file);
                ImageFiles.readAsOpenCv(file);
              }));
    }
  }

  /** All tensors of a file, as they lie and as arrays. */
  private static void readAll(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path);
        NDManager manager = NDManager.newBaseManager()) {
      for (String name : file.tensors().keySet()) {
        file.forEachChunk(name, chunk -> {});
        file.read(name, manager).close();
      }
    }
  }

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the header's length that of the JSON object which is there, words of it damaged too. */
  static byte[] headerLength(byte[] damaged) {
    if (damaged.length < 10) {
      return damaged;
    }
    String latin = new String(damaged, StandardCharsets.ISO_8859_1);
    int end = Math.max(latin.lastIndexOf("}}"), latin.lastIndexOf("} ")) + 2;
    if (end < 10) {
      return damaged;
    }
    while (end < damaged.length && damaged[end] == ' ') {
      end++;
    }
    byte[] json = Arrays.copyOfRange(damaged, 8, end);
    byte[] header = new Mutator(Arrays.hashCode(damaged)).words(json);
    ByteBuffer out =
        ByteBuffer.allocate(8 + header.length + damaged.length - end)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(header.length).put(header).put(damaged, end, damaged.length - end);
    return out.array();
  }

  /** Makes the checksums of a PNG's chunks right, as far as chunks can be told. */
  static byte[] checksums(byte[] damaged) {
    ByteBuffer png = ByteBuffer.wrap(damaged);
    for (int at = 8; at + 12 <= damaged.length; ) {
      int length = png.getInt(at);
      if (length < 0 || length > damaged.length - at - 12) {
        break;
      }
      CRC32 crc = new CRC32();
      crc.update(damaged, at + 4, length + 4);
      png.putInt(at + 8 + length, (int) crc.getValue());
      at += 12 + length;
    }
    return damaged;
  }
}
