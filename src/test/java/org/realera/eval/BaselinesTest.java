package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.Shard;
import org.realera.files.Json;

/** A baseline that the model was not made from is no original. */
class BaselinesTest extends RunsOfThreeClasses {
  private static final ModelRef POCKET = new ModelRef("pocket", PocketModel.folder());
  private static final String TOLD =
      "realera.json of no-cat says that it was made from sd, and the baseline %s is another model";

  private final List<String> notes = new ArrayList<>();

  private final Progress listener =
      new Progress() {
        @Override
        public void note(String line) {
          notes.add(line);
        }
      };

  /** Made from the pocket model, or from another. */
  private ModelRef model(boolean fromPocket) throws IOException {
    Map<String, String> sha256 = new TreeMap<>(Checkpoint.open(POCKET.path()).fingerprints());
    if (!fromPocket) {
      sha256.put(Checkpoint.UNET, "0".repeat(64));
    }
    Path model = Files.createDirectories(at("no-cat"));
    Files.writeString(
        model.resolve("realera.json"),
        "{\"realera\": \"test\", \"model\": {\"ref\": \"sd\", \"sha256\": "
            + Json.tree(sha256)
            + "}}");
    return new ModelRef("no-cat", model);
  }

  private void measure(ModelRef model, ModelRef baseline) {
    EvalRequest asked =
        new Ask(ask("no-cat", "cat", 2, Shard.WHOLE, null, null).to(at("x")).suite(), model)
            .concept("cat")
            .samples(2)
            .baseline(baseline)
            .to(at("run"));
    new Evaluation(backend, listener).run(asked);
  }

  @Test
  void theModelThatItWasMadeFromIsComparedWithWithoutAWord() throws IOException {
    measure(model(true), POCKET);
    assertThat(notes).noneMatch(note -> note.contains("another model"));
  }

  @Test
  void anotherIsTold() throws IOException {
    measure(model(false), POCKET);
    assertThat(notes).containsOnlyOnce(TOLD.formatted("pocket"));
  }

  @Test
  void soIsARunOfAnother() throws IOException {
    run("survey", "base", null, 4, Shard.WHOLE);
    RunInfo survey = RunFiles.readRun(at("survey")).orElseThrow();
    ModelRef source = new ModelRef("runs/base", at("survey"));
    measure(model(false), source);
    assertThat(notes).containsOnlyOnce(TOLD.formatted("runs/base"));
    assertThat(Baselines.doubt(model(false), survey.modelFingerprint(), source, survey, true))
        .isEmpty();
  }

  @Test
  void aModelMeasuredAgainstItselfIsItsOwnBaseline() throws IOException {
    ModelRef model = model(false);
    assertThat(Baselines.doubt(model, model)).isEmpty();
    assertThatThrownBy(() -> Baselines.require(model, model))
        .isInstanceOf(RealeraException.class)
        .hasMessage("the baseline no-cat is the erased model itself");
  }

  @Test
  void attacksRefuseWhatTheModelWasNotMadeFrom() throws IOException {
    Baselines.require(model(true), POCKET);
    ModelRef other = model(false);
    assertThatThrownBy(() -> Baselines.require(other, POCKET))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(RealeraException.Kind.USAGE);
              assertThat(e.remedy())
                  .isEqualTo("Name with --baseline the model that it was made from.");
            })
        .hasMessage(TOLD.formatted("pocket"));
  }
}
