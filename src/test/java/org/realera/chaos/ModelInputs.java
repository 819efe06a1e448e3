package org.realera.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.SingleFiles;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.diffusion.SpmFile;
import org.realera.erase.Masks;
import org.realera.files.FileTree;
import org.realera.golden.Golden;
import org.realera.text.ClipTokenizer;

/** Models in one file, tokenizers with tokens of their own, SPM's adapters and masks. */
final class ModelInputs {
  private static final String VOCABULARY =
      "{\"<|startoftext|>\": 0, \"<|endoftext|>\": 1, \"a\": 2, \"b\": 3, \"a</w>\": 4,"
          + " \"b</w>\": 5, \"ab</w>\": 6, \"aa\": 7}";

  private final Path root;
  private final List<Input> inputs = new ArrayList<>();

  private ModelInputs(Path root) {
    this.root = root;
  }

  /** All of them, below a folder that is empty. */
  static List<Input> all(Path root) throws IOException {
    ModelInputs all = new ModelInputs(root);
    all.tokenizers();
    all.singleFiles();
    all.adapters();
    all.masks();
    return List.copyOf(all.inputs);
  }

  private Path file(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private void tokenizers() throws IOException {
    Path whole =
        file(
            "fast/tokenizer.json",
            """
            {"version": "1.0", "truncation": null, "added_tokens": [
              {"id": 1, "content": "<|endoftext|>", "special": true, "lstrip": false},
              {"id": 8, "content": "<cat-toy>", "lstrip": true, "rstrip": true,
               "single_word": false, "normalized": false, "special": false}],
             "pre_tokenizer": {"type": "ByteLevel"}, "model": {"type": "BPE",
              "unk_token": "<|endoftext|>", "end_of_word_suffix": "</w>",
              "vocab": %s, "merges": ["a b</w>", ["a", "a"]]}}
            """
                .replace("%s", VOCABULARY));
    inputs.add(Input.ofText("tokenizer.json", whole, ModelInputs::tokenize));
    file("slow/vocab.json", VOCABULARY);
    file("slow/merges.txt", "#version: 0.2\na b</w>\na a\n");
    Path added = file("slow/added_tokens.json", "{\"<cat-toy>\": 8, \"<|pad|>\": 9}\n");
    inputs.add(Input.ofText("added_tokens.json", added, ModelInputs::tokenize));
    file("listed/vocab.json", VOCABULARY);
    file("listed/merges.txt", "#version: 0.2\na b</w>\na a\n");
    Path listed =
        file(
            "listed/tokenizer_config.json",
            """
            {"added_tokens_decoder": {
              "0": {"content": "<|startoftext|>", "special": true},
              "1": {"content": "<|endoftext|>", "special": true},
              "8": {"content": "<cat-toy>", "lstrip": true, "single_word": true}},
             "additional_special_tokens": ["<s1>"], "bos_token": "<|startoftext|>",
             "eos_token": {"content": "<|endoftext|>"}, "model_max_length": 77, "pad_token": "!"}
            """);
    inputs.add(Input.ofText("added_tokens_decoder", listed, ModelInputs::tokenize));
  }

  private static void tokenize(Path file) {
    try (ClipTokenizer tokenizer = ClipTokenizer.load(file.getParent())) {
      tokenizer.tokenize("ab a, <cat-toy> bab");
    }
  }

  private void singleFiles() throws IOException {
    Path single = root.resolve("single.safetensors");
    SingleFiles.write(single);
    byte[] whole = Files.readAllBytes(single);
    byte[] header = HeaderAlone.of(whole);
    Path cache = root.resolve("cache");
    inputs.add(
        new Input(
            "single.safetensors",
            single,
            List.of(header),
            false,
            damaged -> HeaderAlone.reshaped(header, Arrays.hashCode(damaged)),
            file -> {
              HeaderAlone.grow(file);
              open(file, cache);
            }));
    Path model = Files.write(root.resolve("configured.safetensors"), whole);
    Path yaml =
        file(
            "configured.yaml",
            """
            model:
              base_learning_rate: 1.0e-4
              target: ldm.models.diffusion.ddpm.LatentDiffusion
              params: {parameterization: "v", linear_start: 0.00085, timesteps: 1000}
            """);
    inputs.add(Input.ofText("model.yaml", yaml, file -> open(model, cache)));
  }

  private static void open(Path file, Path cache) {
    try {
      Checkpoint model = SingleFiles.open(file, cache);
      model.verify();
      model.verifyFinite();
    } finally {
      FileTree.deleteQuietly(cache);
    }
  }

  private void adapters() {
    Path file = root.resolve("spm.safetensors");
    byte[] authors = Inputs.read(Golden.path("spm-authors.safetensors"));
    byte[] header = HeaderAlone.of(authors);
    Checkpoint model = Checkpoint.open(Golden.path("tiny-sd"));
    Input.Reader reader =
        given -> {
          SpmFile.concepts(given);
          SpmFile.read(given, model);
        };
    inputs.add(
        new Input("spm.safetensors", file, List.of(authors), false, Inputs::headerLength, reader));
    inputs.add(
        new Input(
            "spm-shapes",
            root.resolve("shapes.safetensors"),
            List.of(header),
            false,
            damaged -> HeaderAlone.reshaped(header, Arrays.hashCode(damaged)),
            given -> {
              HeaderAlone.grow(given);
              reader.read(given);
            }));
  }

  private void masks() throws IOException {
    Path folder = Files.createDirectories(root.resolve("masks"));
    byte[] rgb = new byte[3 * 3 * 2];
    rgb[0] = rgb[1] = rgb[2] = (byte) 255;
    byte[] mask = PngWriter.encode(new Image(3, 2, rgb), Map.of());
    inputs.add(
        new Input(
            "mask.png",
            folder.resolve("cat-1.png"),
            List.of(mask),
            false,
            Inputs::checksums,
            file -> Masks.read(folder)));
  }
}
