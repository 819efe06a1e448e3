package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.eval.run.FidResult;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.RunReader;
import org.realera.eval.suite.Suite;
import org.realera.files.Digests;
import org.realera.scorer.ScorerGolden;
import org.realera.scorer.fid.FeatureStatistics;
import org.realera.scorer.fid.Inception.Resizing;

/** A distance that was measured is taken only if it is of the same images, network, reference. */
class FidPassTest {
  @TempDir private Path folder;
  private Path network;
  private Path reference;
  private ModelRun run;
  private final FakeBackend backend = new FakeBackend();

  @BeforeEach
  void measured() throws IOException {
    network = Files.writeString(folder.resolve("network.pt"), "no network");
    reference = Files.createDirectory(folder.resolve("reference"));
    image(1);
    Path written = WrittenRun.in(folder.resolve("written"));
    run = RunReader.read(List.of(written)).get(0).model();
    result(Digests.sha256(List.of(reference.resolve("a.png"))));
  }

  private void image(int grey) throws IOException {
    byte[] rgb = new byte[3 * 8 * 8];
    rgb[0] = (byte) grey;
    byte[] png = PngWriter.encode(new Image(8, 8, rgb), Map.of());
    Files.write(reference.resolve("a.png"), png);
  }

  /** What was measured earlier. */
  private void result(@Nullable String referenceDigest) {
    new FidResult(
            12.5,
            3,
            FidResult.digest(run.images()),
            Digests.sha256(List.of(network)),
            "somewhere",
            referenceDigest)
        .write(run.roots().get(0));
  }

  private FidResult measure() {
    Suite.Fid with = new Suite.Fid(network.toString(), reference.toString());
    return FidPass.measure(run, with, backend, Progress.NONE);
  }

  /** The network is none, as is found where something is measured. */
  private void assertMeasuredAnew() {
    backend.measuredWith.clear();
    assertThatThrownBy(this::measure).isInstanceOf(RealeraException.class);
    assertThat(backend.measuredWith).as("loaded where the run computes").containsExactly(network);
  }

  @Test
  void whatWasMeasuredIsNotMeasuredAgain() {
    assertThat(measure().fid()).isEqualTo(12.5);
    assertThat(backend.measuredWith).isEmpty();
  }

  @Test
  void otherImagesAreMeasured() {
    run = new ModelRun(run.info(), run.images().subList(1, 4), run.roots(), null);
    assertMeasuredAnew();
  }

  @Test
  void anotherNetworkMeasuresAnew() throws IOException {
    Files.writeString(network, "another");
    assertMeasuredAnew();
  }

  @Test
  void anotherReferenceIsComparedWith() throws IOException {
    image(2);
    assertMeasuredAnew();
  }

  @Test
  void statisticsInAFileAreAReferenceOfTheirOwn() throws IOException {
    reference = Files.writeString(folder.resolve("a.npz"), "some statistics");
    assertMeasuredAnew();
    result(Digests.sha256(List.of(reference)));
    assertThat(measure().fid()).isEqualTo(12.5);
    Files.writeString(reference, "others");
    assertMeasuredAnew();
  }

  @Test
  void statisticsThatDoNotCompareAreRefusedBeforeAnythingIsDrawn() {
    Path file = folder.resolve("own.npz");
    Suite.Fid with =
        new Suite.Fid(ScorerGolden.file("fid/inception.pt").toString(), file.toString());
    assertThatThrownBy(() -> FidPass.check(with)).hasMessageContaining("no feature statistics");
    FeatureStatistics statistics = new FeatureStatistics(new double[1], new double[1]);
    statistics.resizedBy(Resizing.INSIDE).write(file);
    assertThatThrownBy(() -> FidPass.check(with))
        .hasMessageContaining("of pictures with --resize inside");
    statistics.resizedBy(Resizing.CLEAN).write(file);
    FidPass.check(with);
    statistics.write(file);
    FidPass.check(with);
  }

  @Test
  void whatAReferenceDoesNotSayIsNoted() {
    network = ScorerGolden.file("fid/inception.pt");
    reference = folder.resolve("foreign.npz");
    new FeatureStatistics(new double[24], new double[24 * 24]).write(reference);
    List<String> notes = new ArrayList<>();
    Progress listener =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Suite.Fid with = new Suite.Fid(network.toString(), reference.toString());
    assertThat(FidPass.measure(run, with, backend, listener).features()).isEqualTo(24);
    assertThat(notes).singleElement().asString().endsWith("if that was clean-fid's mode clean");
  }

  /** By an earlier version, which did not say with what it compared. */
  @Test
  void aReferenceThatIsNotKnownIsMeasuredAnew() {
    result(null);
    assertMeasuredAnew();
  }
}
