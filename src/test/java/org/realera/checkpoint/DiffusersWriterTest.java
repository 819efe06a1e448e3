package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

class DiffusersWriterTest {
  private static final String UNET = "unet/diffusion_pytorch_model.safetensors";
  private static final String EDITED =
      "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight";

  @TempDir Path temp;
  private final NDManager scope = NDManager.newBaseManager(Device.cpu());
  private Path folder;
  private Path target;

  @BeforeEach
  void copyModel() {
    folder = TinyModel.copyTo(temp.resolve("source"));
    target = temp.resolve("target");
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void withoutEditsTheCopyIsTheSource() {
    assertThat(DiffusersWriter.write(model(), Map.of(), target)).isEmpty();
    assertSameFilesExcept(List.of());
  }

  @Test
  void onlyTheEditedTensorChanges() {
    NDArray values = scope.full(new Shape(32, 32), 0.25f);
    DiffusersWriter.write(model(), Map.of(EDITED, values), target);
    assertSameFilesExcept(List.of(UNET));
    try (SafetensorsFile before = SafetensorsFile.open(folder.resolve(UNET));
        SafetensorsFile after = SafetensorsFile.open(target.resolve(UNET))) {
      assertThat(after.inFileOrder()).isEqualTo(before.inFileOrder());
      assertThat(after.metadata()).isEqualTo(before.metadata());
      for (String name : after.tensors().keySet()) {
        NDArray expected = name.equals(EDITED) ? values : before.read(name, scope);
        assertThat(after.read(name, scope)).as(name).isEqualTo(expected);
      }
    }
    Checkpoint.open(target).verify();
  }

  @Test
  void anyTensorOfTheUNetIsReplacedByOneOfItsShape() {
    Map<String, NDArray> edits =
        Map.of(
            "conv_in.weight", scope.full(new Shape(16, 4, 3, 3), 0.5f),
            "conv_out.bias", scope.full(new Shape(4), 0.25f),
            "down_blocks.0.resnets.0.norm1.weight", scope.full(new Shape(16), 2f));
    DiffusersWriter.write(model(), edits, target);
    Checkpoint.open(target).verify();
    try (Weights weights = Checkpoint.open(target).openUnet()) {
      edits.forEach((name, values) -> assertThat(weights.read(name, scope)).isEqualTo(values));
    }
    Path other = temp.resolve("other");
    Map<String, NDArray> flat = Map.of("conv_in.weight", scope.ones(new Shape(16, 36)));
    assertThatThrownBy(() -> DiffusersWriter.write(model(), flat, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("conv_in.weight", "(16, 36)");
    assertThat(other).doesNotExist();
  }

  @Test
  void editsAreRoundedToTheTypeOfTheFile() {
    convertUnet(DType.F16, "diffusion_pytorch_model.safetensors");
    NDArray values = scope.full(new Shape(32, 32), 1 + 1e-4f);
    DiffusersWriter.write(model(), Map.of(EDITED, values), target);
    try (Weights weights = Checkpoint.open(target).openUnet()) {
      NDArray written = weights.read(EDITED, scope);
      assertThat(written.getDataType()).isEqualTo(DataType.FLOAT16);
      assertThat(written.toType(DataType.FLOAT32, true)).isEqualTo(scope.ones(new Shape(32, 32)));
    }
  }

  @Test
  void theFp16VariantIsEditedToo() {
    convertUnet(DType.F16, "diffusion_pytorch_model.fp16.safetensors");
    DiffusersWriter.write(model(), Map.of(EDITED, scope.ones(new Shape(32, 32))), target);
    for (String variant : List.of("", ".fp16")) {
      Path file = target.resolve("unet/diffusion_pytorch_model" + variant + ".safetensors");
      try (SafetensorsFile weights = SafetensorsFile.open(file)) {
        assertThat(weights.read(EDITED, scope).toType(DataType.FLOAT32, true))
            .isEqualTo(scope.ones(new Shape(32, 32)));
      }
    }
  }

  @Test
  void shardsStayShards() throws IOException {
    Path unet = folder.resolve(UNET);
    Map<String, String> map = new HashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(unet)) {
      for (int shard = 1; shard <= 2; shard++) {
        String name = "diffusion_pytorch_model-0000%d-of-00002.safetensors".formatted(shard);
        int parity = shard;
        List<TensorInfo> some =
            file.inFileOrder().stream()
                .filter(t -> Math.floorMod(t.name().hashCode(), 2) + 1 == parity)
                .toList();
        some.forEach(t -> map.put(t.name(), name));
        SafetensorsWriter.write(
            unet.resolveSibling(name),
            file.metadata(),
            some.stream().map(t -> TensorSource.stored(file, t.name())).toList());
      }
    }
    Files.delete(unet);
    StringBuilder json = new StringBuilder();
    map.forEach(
        (k, v) -> json.append(json.isEmpty() ? "" : ",").append("\"" + k + "\":\"" + v + "\""));
    Files.writeString(
        unet.resolveSibling("diffusion_pytorch_model.safetensors.index.json"),
        "{\"weight_map\":{" + json + "}}");
    model().verify();
    DiffusersWriter.write(model(), Map.of(EDITED, scope.ones(new Shape(32, 32))), target);
    assertSameFilesExcept(List.of("unet/" + map.get(EDITED)));
    Checkpoint.open(target).verify();
    try (Weights weights = Checkpoint.open(target).openUnet()) {
      assertThat(weights.read(EDITED, scope)).isEqualTo(scope.ones(new Shape(32, 32)));
    }
  }

  /** The folder of blobs may be a link to another disk. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void linksOfAHubCacheBecomeFiles(boolean elsewhere) throws IOException {
    Path cached = temp.resolve("models--a--b");
    Path blobs = Files.createDirectories(cached.resolve("blobs"));
    if (elsewhere) {
      Files.delete(blobs);
      Files.createSymbolicLink(blobs, Files.createDirectory(temp.resolve("disk")));
    }
    Path snapshot = TinyModel.copyTo(cached.resolve("snapshots/c0ffee"));
    int i = 0;
    for (Path file : TinyModel.files(snapshot)) {
      Path blob = blobs.resolve(String.format(Locale.ROOT, "%040x", i++));
      Files.move(file, blob);
      Files.createSymbolicLink(file, file.getParent().relativize(blob));
    }
    DiffusersWriter.write(Checkpoint.open(snapshot), Map.of(), target);
    assertThat(TinyModel.files(target))
        .hasSize(i)
        .allSatisfy(p -> assertThat(Files.isSymbolicLink(p)).isFalse());
    assertThat(target.resolve(UNET)).hasSameBinaryContentAs(TinyModel.folder().resolve(UNET));

    Checkpoint model = Checkpoint.open(snapshot);
    Files.delete(snapshot.resolve("model_index.json").toRealPath());
    Path again = temp.resolve("again");
    assertThatThrownBy(() -> DiffusersWriter.write(model, Map.of(), again))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("model_index.json");
    assertThat(again).doesNotExist();
  }

  /** What somebody's folder links to may be anything of this machine's. */
  @Test
  void noWayOfWritingFollowsALinkOutOfTheModel() throws IOException {
    Path secret = Files.writeString(temp.resolve("secret"), "key");
    Path link = Files.createSymbolicLink(folder.resolve("notes.txt"), secret);
    List<Runnable> ways =
        List.of(
            () -> DiffusersWriter.write(model(), Map.of(), target),
            () -> FolderWriter.write(model(), Map.of(), Optional.empty(), target),
            () -> SingleFiles.write(model(), Optional.empty(), Map.of(), target));
    for (Runnable way : ways) {
      assertThatThrownBy(way::run)
          .isInstanceOfSatisfying(
              RealeraException.class,
              e -> assertThat(e.kind()).isEqualTo(RealeraException.Kind.DAMAGED))
          .hasMessageContaining("notes.txt is a link that leads out of the model's folder");
      assertThat(target).doesNotExist();
    }
    Files.delete(link);
    Files.createSymbolicLink(folder.resolve("self"), Path.of("."));
    for (Runnable way : ways) {
      assertThatThrownBy(way::run).hasMessageContaining("self is a link back to a folder");
      assertThat(target).doesNotExist();
    }
  }

  @Test
  void otherCopiesOfTheUneditedUnetAreLeftOut() throws IOException {
    Path readme = Files.writeString(folder.resolve("README.md"), "words");
    Files.createFile(folder.resolve("sd-v1-4.ckpt"));
    Files.createFile(folder.resolve("unet/diffusion_pytorch_model.bin"));
    Files.createFile(folder.resolve("unet/diffusion_pytorch_model.non_ema.safetensors"));
    Files.createFile(folder.resolve("vae/diffusion_pytorch_model.bin"));
    Files.createDirectories(folder.resolve(".git/objects"));
    Files.createFile(folder.resolve(".git/objects/pack"));
    List<String> leftOut = DiffusersWriter.write(model(), Map.of(), target);
    assertThat(leftOut)
        .containsExactly(
            "sd-v1-4.ckpt",
            "unet/diffusion_pytorch_model.bin",
            "unet/diffusion_pytorch_model.non_ema.safetensors");
    assertThat(target.resolve("README.md")).hasSameTextualContentAs(readme);
    assertThat(target.resolve("vae/diffusion_pytorch_model.bin")).exists();
    assertThat(target.resolve(".git")).doesNotExist();
    assertThat(target.resolve("unet/diffusion_pytorch_model.bin")).doesNotExist();
  }

  /** Their names have no end: a backup, a compiled engine, another program's format. */
  @Test
  void whateverMayHoldTheUneditedUnetIsLeftOutAndNamed() throws IOException {
    List<String> suspects =
        List.of(
            "backup/unet.old",
            "license-of-unet.safetensors",
            "model.engine",
            "unet/diffusion_pytorch_model.safetensors.bak",
            "unet/diffusion_pytorch_model.safetensors.index.old",
            "unet/model.onnx.data",
            "unet/rust_model.ot",
            "unet/unet.npz",
            "unet/unet.plan",
            "unet/weights");
    List<String> plain =
        List.of(
            ".gitattributes",
            "LICENSE-2.0",
            "MODEL_LICENCE",
            "USE.TXT",
            "images/example.JPG",
            "unet/README.md",
            "unet/model.py",
            "unet/third-party_notice.txt");
    for (String name : Stream.concat(suspects.stream(), plain.stream()).toList()) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.createFile(folder.resolve(name));
    }
    assertThat(DiffusersWriter.write(model(), Map.of(), target)).isEqualTo(suspects);
    Path converted = temp.resolve("converted");
    assertThat(FolderWriter.write(model(), Map.of(), Optional.of(DType.F16), converted))
        .isEqualTo(suspects);
    for (Path copy : List.of(target, converted)) {
      assertThat(plain).allSatisfy(name -> assertThat(copy.resolve(name)).exists());
      assertThat(suspects).allSatisfy(name -> assertThat(copy.resolve(name)).doesNotExist());
    }
  }

  @Test
  void newValuesThatAreNotFiniteAreRefusedAndNothingIsWritten() {
    NDArray values = scope.full(new Shape(32, 32), Float.NaN);
    assertThatThrownBy(() -> DiffusersWriter.write(model(), Map.of(EDITED, values), target))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(EDITED);
    assertThat(target).doesNotExist();
  }

  @Test
  void aFailureLeavesAnEmptyTargetEmpty() throws IOException {
    Files.createDirectory(target);
    NDArray wrong = scope.ones(new Shape(2, 2));
    assertThatThrownBy(() -> DiffusersWriter.write(model(), Map.of(EDITED, wrong), target))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void aTargetThatHoldsSomethingIsNotTouched() throws IOException {
    Path precious = Files.writeString(Files.createDirectory(target).resolve("precious"), "mine");
    assertThatThrownBy(() -> DiffusersWriter.write(model(), Map.of(), target))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(precious).hasContent("mine");
  }

  private Checkpoint model() {
    return Checkpoint.open(folder);
  }

  private void convertUnet(DType dtype, String name) {
    Path unet = folder.resolve(UNET);
    try (SafetensorsFile file = SafetensorsFile.open(unet)) {
      SafetensorsWriter.write(
          unet.resolveSibling(name),
          file.metadata(),
          file.inFileOrder().stream()
              .map(t -> TensorSource.of(t.name(), dtype, file.read(t.name(), scope)))
              .toList());
    }
  }

  private void assertSameFilesExcept(List<String> changed) {
    assertThat(TinyModel.files(target).stream().map(p -> target.relativize(p).toString()))
        .isEqualTo(
            TinyModel.files(folder).stream().map(p -> folder.relativize(p).toString()).toList());
    for (Path file : TinyModel.files(target)) {
      String relative = target.relativize(file).toString();
      if (!changed.contains(relative)) {
        assertThat(file).hasSameBinaryContentAs(folder.resolve(relative));
      }
    }
  }
}
