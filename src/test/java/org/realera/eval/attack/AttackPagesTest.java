package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.attack.AttackName;

/** What the page of several runs says of how they were made. */
class AttackPagesTest {
  @TempDir private Path folder;

  private Path run(AttackLine line, String name) {
    Path out = folder.resolve(name);
    new AttackRun(new FakeBackend(), Progress.NONE).run(line.to(out));
    return out;
  }

  private String page(AttackLine one, AttackLine other) throws IOException {
    AttackReport.write(List.of(run(one, "one"), run(other, "other")), folder);
    return Files.readString(folder.resolve(AttackReport.PAGE));
  }

  @Test
  void runsThatWereMadeAlikeHaveOneSettingEach() throws IOException {
    String page = page(AttackLine.PLAIN, AttackLine.PLAIN.model("other-model"));
    assertThat(page)
        .contains("16 x 16, DDIM, 2 steps, guidance 3.0")
        .doesNotContain("were not made alike");
  }

  /** Folders of one name, made by two methods: one row of both would be of neither. */
  @Test
  void modelsOfOneNameHaveARowEach() throws IOException {
    AttackLine uce = AttackLine.PLAIN.model("uce/a");
    AttackLine mace = AttackLine.PLAIN.model("mace/b");
    AttackReport.write(List.of(run(uce, "one", "m"), run(mace, "other", "m")), folder);
    assertThat(Files.readString(folder.resolve(AttackReport.SUMMARY)))
        .contains("\"m (one)\"", "\"m (other)\"")
        .doesNotContain("\"m\"");
  }

  /** What one method made in two campaigns stays together in each. */
  @Test
  void modelsOfOneNameFromTwoCampaignsKeepTheirConceptsTogether() throws IOException {
    for (String campaign : List.of("first", "second")) {
      run(AttackLine.PLAIN.model(campaign), campaign + "/attacks/airplane-m", "m");
    }
    run(AttackLine.PLAIN.model("third"), "third/attacks/airplane-other", "other");
    AttackReport.write(
        List.of(folder.resolve("first"), folder.resolve("second"), folder.resolve("third")),
        folder);
    assertThat(Files.readString(folder.resolve(AttackReport.SUMMARY)))
        .contains("\"m (first)\"", "\"m (second)\"", "\"other\"")
        .doesNotContain("\"m\"");
  }

  /** Nor do folders of one name put together what two methods made. */
  @Test
  void modelsAndFoldersOfOneNameHaveARowEach() throws IOException {
    Path uce = run(AttackLine.PLAIN.model("a"), "uce/attack", "m");
    Path mace = run(AttackLine.PLAIN.model("b"), "mace/attack", "m");
    AttackReport.write(List.of(uce, mace), folder);
    assertThat(Files.readString(folder.resolve(AttackReport.SUMMARY)))
        .contains("\"m (" + uce + ")\"", "\"m (" + mace + ")\"")
        .doesNotContain("\"m (attack)\"");
  }

  private Path run(AttackLine line, String name, String label) {
    Path out = folder.resolve(name);
    new AttackRun(new FakeBackend(), Progress.NONE).run(AttackLine.labelled(line.to(out), label));
    return out;
  }

  @Test
  void modelsThatWereNotAttackedAlikeAreNotRanked() throws IOException {
    String page =
        page(
            AttackLine.PLAIN,
            AttackLine.PLAIN.model("other-model").with(List.of(AttackName.RING_A_BELL)));
    assertThat(page)
        .contains("not by the same attacks: their means can't be ranked")
        .contains("Attacks: implicit, probe, ring-a-bell (no-airplane, airplane)")
        .doesNotContain("holds best");
  }

  @Test
  void modelsThatWereAttackedAlikeAre() throws IOException {
    assertThat(page(AttackLine.PLAIN, AttackLine.PLAIN.model("other-model")))
        .contains("holds best")
        .doesNotContain("can't be ranked");
  }

  /** As many prompts, but others: not a word of the implicit ones is the same. */
  @Test
  void modelsThatWereAskedOtherPromptsAreNotRanked() throws IOException {
    PromptPlan others =
        PromptPlan.of(
            new PromptBook(
                List.of("a photo of the {}", "{} as a biplane", "a big {}"),
                List.of(
                    new PromptBook.Topic(
                        "airplane", null, List.of("wings"), List.of("a jet"), null, null))),
            "airplane",
            6);
    assertThat(page(AttackLine.PLAIN, AttackLine.PLAIN.model("other-model").with(others)))
        .contains("The models were not attacked alike, see below: their means can't be ranked.")
        .containsPattern("Prompts of airplane: [0-9a-f]{12} \\((other-model|no-airplane), airplane")
        .containsPattern("Implicit prompts of airplane: 6, [0-9a-f]{12} ")
        .doesNotContain("holds best");
  }

  /** A broken model shows nothing of the concept, nor of anything else. */
  @Test
  void aModelWhoseImagesAreAllOfOneColourHoldsNothing() throws IOException {
    AttackReport.write(
        List.of(run(AttackLine.PLAIN, "one"), broken(AttackLine.PLAIN.model("broken"))), folder);
    assertThat(Files.readString(folder.resolve(AttackReport.PAGE)))
        .contains("broken, airplane, without an attack: each of the 6 pictures is of one colour")
        .contains("The models' means can't be ranked.")
        .doesNotContain("holds best");
  }

  private Path broken(AttackLine line) {
    Path out = folder.resolve("broken");
    FakeBackend backend = new FakeBackend();
    backend.broken = true;
    new AttackRun(backend, Progress.NONE).run(line.to(out));
    return out;
  }

  /** One page stands for one budget: a rate of more steps beside one of fewer would mislead. */
  @Test
  void runsOfOtherBudgetsAreNamed() throws IOException {
    AttackLine searched = AttackLine.PLAIN.with(List.of(AttackName.RING_A_BELL));
    String page = page(searched, searched.model("other-model").set("ring_a_bell.population=20"));
    String budget = "strength 3.0, pairs 6 \\([0-9a-f]{8}\\), tokens 16, population %d, [^()]*";
    assertThat(page).doesNotContain("holds best");
    assertThat(page)
        .containsPattern(
            "were not made alike, so their figures can't be compared. Ring-A-Bell: "
                + budget.formatted(20)
                + "\\(other-model, airplane\\); "
                + budget.formatted(40)
                + "\\(no-airplane, airplane\\)\\.");
  }
}
