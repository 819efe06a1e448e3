package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.files.FileTree;
import org.realera.files.OutputTransaction;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorInfo;

/** A conversion that ends in the middle of its writing leaves nothing of it. */
class StoppedConversionTest {
  private static final int TENSORS_BEFORE = 3;

  @TempDir Path temp;

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Runs the action when some of the tensors of the last file are written. */
  private static final class InTheMidst implements Progress {
    private final String task;
    private final Runnable action;
    private String at = "";
    private long total;
    private int writings;

    InTheMidst(Target to, Runnable action) {
      this.task = to == Target.DIFFUSERS ? "Write vae" : "Write";
      this.action = action;
    }

    @Override
    public void begin(String what, long steps) {
      at = what;
      total = steps;
    }

    @Override
    public void step(long done, String note) {
      if (at.equals(task) && done == Math.min(TENSORS_BEFORE, total - 1)) {
        writings++;
        action.run();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void whoeverStopsItFindsNothingWrittenAndNoNewFolders(Target to) throws IOException {
    ConvertRequest request = request(to, temp.resolve("new/folder").resolve(name(to)), false);
    List<String> before = files();
    InTheMidst stopping =
        new InTheMidst(
            to,
            () -> {
              throw new Stop();
            });
    assertThatThrownBy(() -> Conversion.run(request, stopping)).isInstanceOf(Stop.class);
    assertThat(stopping.writings).isEqualTo(1);
    assertThat(files()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void anInterruptedThreadWritesNothingEither(Target to) throws IOException {
    ConvertRequest request = request(to, temp.resolve("new").resolve(name(to)), false);
    List<String> before = files();
    InTheMidst interrupting = new InTheMidst(to, () -> Thread.currentThread().interrupt());
    try {
      assertThatThrownBy(() -> Conversion.run(request, interrupting))
          .isInstanceOf(RealeraException.class)
          .extracting(e -> ((RealeraException) e).kind())
          .isEqualTo(Kind.FAILED);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(interrupting.writings).isEqualTo(1);
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aFileThatWasToBeReplacedStays() throws IOException {
    Path out = Files.writeString(temp.resolve("x.safetensors"), "mine");
    ConvertRequest request = request(Target.SINGLE_FILE, out, true);
    List<String> before = files();
    assertThatThrownBy(() -> Conversion.run(request, new InTheMidst(request.to(), this::fullDisk)))
        .hasMessage("no space left");
    assertThat(out).hasContent("mine");
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aModelThatWasToBeReplacedStays() throws IOException {
    Path out = temp.resolve("model");
    Conversion.run(request(Target.DIFFUSERS, out, false), Progress.NONE);
    ConvertRequest request = request(Target.DIFFUSERS, out, true);
    List<String> before = files();
    assertThatThrownBy(() -> Conversion.run(request, new InTheMidst(request.to(), this::fullDisk)))
        .hasMessage("no space left");
    assertThat(files()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void whatAKilledConversionLeftIsClearedByTheNextOne(Target to) throws IOException {
    ConvertRequest request = request(to, temp.resolve(name(to)), false);
    List<String> before = files();
    Path state = temp.resolve("." + name(to) + ".writing");
    try (OutputTransaction killed = killed(request.out(), state)) {
      Files.createDirectories(killed.staging().resolve("unet"));
      Files.writeString(state.resolve("output/unet/half.safetensors"), "half");
      Files.writeString(state.resolve(".output.0.tmp"), "half");
    }
    assertThat(files()).isNotEqualTo(before);
    Conversion.run(request, Progress.NONE);
    List<String> after = files();
    after.removeAll(before);
    assertThat(after).isNotEmpty().allMatch(f -> f.startsWith(temp.resolve(name(to)).toString()));
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void aFolderThatIsOnlyCalledLikeItsStateIsNeverEmptied(Target to) throws IOException {
    Path state = Files.createDirectories(temp.resolve("new/." + name(to) + ".writing"));
    Files.writeString(state.resolve("thesis.tex"), "years of work");
    ConvertRequest request = request(to, temp.resolve("new").resolve(name(to)), true);
    List<String> before = files();
    assertThatThrownBy(() -> Conversion.run(request, Progress.NONE))
        .hasMessageContaining(state + " is in the way")
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.USAGE);
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aKillBetweenTheTwoRenamesOfAReplacementBringsTheOldModelBack() throws IOException {
    Path out = temp.resolve("model");
    Conversion.run(request(Target.DIFFUSERS, out, false), Progress.NONE);
    List<String> before = files();
    Path state = temp.resolve(".model.writing");
    try (OutputTransaction killed = killed(out, state)) {
      Files.move(out, state.resolve("replaced"));
      Files.createDirectory(killed.staging());
    }
    assertThat(out).doesNotExist();
    ConvertRequest again = request(Target.DIFFUSERS, out, false);
    assertThatThrownBy(() -> Conversion.run(again, Progress.NONE))
        .hasMessage("the output folder " + out + " exists");
    assertThat(files()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void aSecondConversionToTheSamePlaceIsRefusedAndDoesNotDisturbTheFirst(Target to) {
    ConvertRequest request = request(to, temp.resolve(name(to)), false);
    InTheMidst second =
        new InTheMidst(
            to,
            () ->
                assertThatThrownBy(() -> Conversion.run(request, Progress.NONE))
                    .hasMessage("another run is writing " + request.out()));
    ConvertResult first = Conversion.run(request, second);
    assertThat(second.writings).isEqualTo(1);
    assertThat(first.bytes()).isEqualTo(FileTree.size(request.out())).isPositive();
  }

  @Test
  void anErrorNamesTheOutputThatWasAskedForNotWhereItIsStaged() throws IOException {
    Path out = temp.resolve("model");
    String weights = "vae/diffusion_pytorch_model.safetensors";
    Progress obstacle =
        new Progress() {
          @Override
          public void begin(String what, long steps) {
            if (what.equals("Write vae")) {
              putInTheWay(temp.resolve(".model.writing/output").resolve(weights).resolve("folder"));
            }
          }
        };
    List<String> before = files();
    assertThatThrownBy(() -> Conversion.run(request(Target.DIFFUSERS, out, false), obstacle))
        .hasMessageContaining("can't write " + out.resolve(weights))
        .hasMessageNotContaining(".writing");
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void theRoomThatAModelNeedsIsThatOfItsWeightsAsTheyWillBeWritten() {
    Path file = temp.resolve("half.safetensors");
    Checkpoint model = Checkpoint.open(MiniatureModel.FOLDER);
    long whole = Conversion.weightBytes(model, Optional.empty());
    long half = Conversion.weightBytes(model, Optional.of(DType.F16));
    Conversion.run(
        new ConvertRequest(
            new ModelRef("model", MiniatureModel.FOLDER),
            Target.SINGLE_FILE,
            file,
            Optional.empty(),
            Optional.of(DType.F16),
            Optional.empty(),
            4,
            false),
        Progress.NONE);
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      assertThat(written.tensors().values().stream().mapToLong(TensorInfo::byteSize).sum())
          .isEqualTo(half)
          .isLessThan(whole);
    }
  }

  /** An output whose state stays if it ends with something staged. */
  private static OutputTransaction killed(Path out, Path state) {
    return OutputTransaction.folder(
        new OutputTransaction.Request(
            out,
            state,
            List.of(),
            0,
            true,
            false,
            folder -> Files.exists(folder.resolve("output"))));
  }

  private static void putInTheWay(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fullDisk() {
    throw new RealeraException(Kind.RESOURCES, "no space left", "");
  }

  private static String name(Target to) {
    return to == Target.DIFFUSERS ? "model" : "x.safetensors";
  }

  private ConvertRequest request(Target to, Path out, boolean force) {
    Path model =
        to.needsBase()
            ? MiniatureModel.changed(temp, Map.of(MiniatureModel.KEYS, 1, MiniatureModel.VALUES, 2))
            : MiniatureModel.FOLDER;
    Optional<ModelRef> base =
        to.needsBase()
            ? Optional.of(new ModelRef("base", MiniatureModel.FOLDER))
            : Optional.empty();
    return new ConvertRequest(
        new ModelRef("model", model), to, out, base, Optional.empty(), Optional.empty(), 4, force);
  }

  /** Every file and folder there is, with the sizes of files. */
  private List<String> files() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(temp)) {
      for (Path path : tree.sorted().toList()) {
        found.add(path + (Files.isRegularFile(path) ? " " + Files.size(path) : ""));
      }
    }
    return found;
  }
}
