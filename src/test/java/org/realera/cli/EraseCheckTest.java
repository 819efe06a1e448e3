package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.erase.DrawnWord;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.eval.check.ConceptCheck.Checked;
import org.realera.eval.check.Drawn;
import org.realera.eval.check.Sight;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.tensor.ComputeChoice;

/** The verdict in the end of an erasure: where it stands, and that it is never an error. */
class EraseCheckTest {
  private static final String MANIFEST =
      "{\"seed\" : 0, \"results\" : {\"write\" : {}}, \"timings\" : {\"total\" : 1.5}}";

  @TempDir private Path folder;

  /** An erasure with pictures of one word, and a judge who sees what he is told. */
  private class Core extends CommandRun.FakeCore {
    final List<Drawn> looked = new ArrayList<>();
    boolean small = true;

    @Override
    public EraseResult erase(EraseRequest request, Progress progress) {
      try {
        Files.createDirectories(request.out());
        Path manifest = Files.writeString(request.out().resolve("realera.json"), MANIFEST);
        List<Image> one = List.of(new Image(1, 1, new byte[3]));
        return new EraseResult(
            request.out(),
            manifest,
            manifest,
            Map.of(),
            1,
            false,
            List.of(new DrawnWord(DrawnWord.Role.NEIGHBOR, "kitty", "cat", one, one)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Suite fitting(Suite suite, Path model) {
      return small ? SuiteReader.read("cifar10-pocket") : suite;
    }

    @Override
    public Path locateScorer(String reference, Map<String, String> env) {
      return Path.of("/scorers").resolve(reference);
    }

    @Override
    public Checked check(
        Suite suite, List<String> anchors, Path scorer, List<Drawn> drawn, ComputeChoice compute) {
      assertThat(anchors).containsExactly("dog");
      looked.addAll(drawn);
      return new Checked("a judge", List.of(new Sight("neighbor", "kitty", "cat", 97.504, 2.25)));
    }
  }

  private CommandRun erase(Core core, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "erase", "-m", "pocket", "-c", "cat=dog", "-o", folder.resolve("x").toString()));
    line.addAll(List.of(more));
    return CommandRun.with(core, line.toArray(String[]::new));
  }

  private JsonNode manifest() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("x/realera.json").toFile());
  }

  @Test
  void whatThePicturesShowIsPrintedAndKept() throws IOException {
    Core core = new Core();
    CommandRun run = erase(core);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(core.looked).extracting(Drawn::role).containsExactly("neighbor");
    assertThat(run.out())
        .contains("The report's pictures, before and after, by a judge:")
        .contains("  neighbor   98 % ->   2 %  kitty, shows cat");
    JsonNode check = manifest().at("/results/check");
    assertThat(check.path("judge").asText()).isEqualTo("a judge");
    assertThat(check.at("/words/0/before").asDouble()).isEqualTo(97.5);
    assertThat(check.at("/words/0/after").asDouble()).isEqualTo(2.25);
    assertThat(manifest().at("/timings/total").asDouble()).isEqualTo(1.5);
  }

  @Test
  void jsonHasItToo() throws IOException {
    CommandRun run = erase(new Core(), "--json");
    JsonNode tree = new ObjectMapper().readTree(run.out());
    assertThat(tree.at("/check/words/0/shows").asText()).isEqualTo("cat");
  }

  @Test
  void noCheckLeavesItOut() throws IOException {
    Core core = new Core();
    CommandRun run = erase(core, "--no-check");
    assertThat(run.code()).isZero();
    assertThat(core.looked).isEmpty();
    assertThat(run.out()).doesNotContain("pictures, before");
    assertThat(Files.readString(folder.resolve("x/realera.json"))).isEqualTo(MANIFEST);
  }

  @Test
  void aScorerThatIsNotThereIsOneLineThatSaysHowToGetIt() throws IOException {
    Core core = new Core();
    core.small = false;
    CommandRun run = erase(core);
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .contains("no verdict on the pictures: openai/clip-vit-base-patch32 is not on this machine")
        .contains("realera model pull openai/clip-vit-base-patch32");
    assertThat(Files.readString(folder.resolve("x/realera.json"))).isEqualTo(MANIFEST);
  }

  @Test
  void aJudgeWhoCannotLookIsNoError() {
    CommandRun run =
        erase(
            new Core() {
              @Override
              public Checked check(
                  Suite suite,
                  List<String> anchors,
                  Path scorer,
                  List<Drawn> drawn,
                  ComputeChoice compute) {
                throw RealeraException.usage("the scorer does not know 'cat'", "Take another.");
              }
            });
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("no verdict on the pictures: the scorer does not know 'cat'");
    assertThat(run.out()).contains("manifest");
  }
}
