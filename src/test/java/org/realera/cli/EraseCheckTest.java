package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.Stopped;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.Image;
import org.realera.diffusion.Sight;
import org.realera.diffusion.Verdict;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.tensor.ComputeChoice;

/** The verdict in the end of an erasure: where it stands, and that it is never an error. */
class EraseCheckTest {
  private static final List<Image> BEFORE = List.of(new Image(1, 1, new byte[] {1, 1, 1}));
  private static final List<Image> AFTER = List.of(new Image(1, 1, new byte[] {2, 2, 2}));

  @TempDir private Path folder;

  /** An erasure with images of one word, and a judge who sees what he is told. */
  private class Core extends CommandRun.FakeCore {
    final List<DrawnWord> looked = new ArrayList<>();
    boolean small = true;
    @Nullable Verdict written;

    @Override
    public EraseResult erase(EraseRequest request, Progress progress) {
      EraseRequest.Review review = request.review();
      written =
          review == null
              ? null
              : review.of(
                  List.of(new DrawnWord(DrawnWord.Role.NEIGHBOR, "kitty", "cat", BEFORE, AFTER)));
      Path out = request.out();
      return new EraseResult(out, out.resolve("realera.json"), out, Map.of(), 1, false);
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
    public Verdict check(
        Suite suite,
        List<String> anchors,
        Path scorer,
        List<DrawnWord> drawn,
        ComputeChoice compute) {
      assertThat(anchors).containsExactly("dog");
      looked.addAll(drawn);
      return new Verdict(
          "a judge", List.of(new Sight(DrawnWord.Role.NEIGHBOR, "kitty", "cat", 97.504, 2.25)));
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

  @Test
  void whatTheImagesShowIsPrintedAndKept() {
    Core core = new Core();
    CommandRun run = erase(core);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(core.looked)
        .containsExactly(new DrawnWord(DrawnWord.Role.NEIGHBOR, "kitty", "cat", BEFORE, AFTER));
    assertThat(run.out())
        .contains("The report's pictures, before and after, by a judge:")
        .contains("  neighbor   98 % ->   2 %  kitty, shows cat");
    JsonNode check = new ObjectMapper().valueToTree(core.written);
    assertThat(check)
        .hasToString(
            "{\"judge\":\"a judge\",\"words\":[{\"role\":\"neighbor\",\"word\":\"kitty\",\"shows\":\"cat\","
                + "\"before\":97.5,\"after\":2.25}]}");
  }

  @Test
  void jsonHasItToo() throws IOException {
    CommandRun run = erase(new Core(), "--json");
    JsonNode tree = new ObjectMapper().readTree(run.out());
    assertThat(tree.at("/check/words/0/shows").asText()).isEqualTo("cat");
  }

  @Test
  void noCheckLeavesItOut() {
    Core core = new Core();
    CommandRun run = erase(core, "--no-check");
    assertThat(run.code()).isZero();
    assertThat(core.looked).isEmpty();
    assertThat(run.out()).doesNotContain("pictures, before");
    assertThat(core.written).isNull();
  }

  @Test
  void aScorerThatIsNotThereIsOneLineThatSaysHowToGetIt() {
    Core core = new Core();
    core.small = false;
    CommandRun run = erase(core);
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .contains("openai/clip-vit-base-patch32@refs/pr/15 is not on this machine")
        .contains("realera model pull openai/clip-vit-base-patch32@refs/pr/15 fetches it");
    assertThat(core.written).isNull();
  }

  @ParameterizedTest
  @MethodSource
  void aJudgeWhoCannotLookIsNoError(RuntimeException why) {
    CommandRun run = erase(failing(why));
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .contains(
            "no verdict on the pictures: "
                + (why.getMessage() == null ? why.getClass().getName() : why.getMessage()));
    assertThat(run.out()).contains("manifest");
  }

  static List<RuntimeException> aJudgeWhoCannotLookIsNoError() {
    return List.of(
        RealeraException.usage("the scorer does not know 'cat'", "Take another."),
        new IllegalStateException("clip.py, images: shapes do not match"),
        new NullPointerException());
  }

  @Test
  void aStopIsAStop() {
    CommandRun run = erase(failing(new Stopped("stopped; go on with --resume")));
    assertThat(run.code()).isNotZero();
    assertThat(run.err()).contains("go on with --resume");
  }

  private Core failing(RuntimeException why) {
    return new Core() {
      @Override
      public Verdict check(
          Suite suite,
          List<String> anchors,
          Path scorer,
          List<DrawnWord> drawn,
          ComputeChoice compute) {
        throw why;
      }
    };
  }
}
