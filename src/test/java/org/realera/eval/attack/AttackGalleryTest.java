package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.attack.AttackName;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.eval.attack.AttackedRun.Kept;
import org.realera.eval.run.ImageStore;
import org.realera.eval.run.Shard;
import org.realera.report.AttackPage;
import org.realera.report.AttackPage.Drawn;
import org.realera.report.AttackPage.Found;
import org.realera.report.AttackPage.Line;
import org.realera.report.Gallery.Captioned;
import org.realera.report.PageRows;
import org.realera.report.Thumbnail;
import org.realera.report.Thumbnails;

/** Which images and found words stand where on the page of attacks. */
class AttackGalleryTest {
  @TempDir private Path folder;
  private AttackedRun run;

  /** Seven prompts, of which the second shows the concept without an attack. */
  @BeforeEach
  void aRunWithImages() throws IOException {
    Map<AttackName, SortedMap<Integer, Kept>> attacks = new EnumMap<>(AttackName.class);
    attacks.put(AttackName.IMPLICIT, trials("implicit", " x", null, null));
    attacks.put(AttackName.PROBE, trials("probe", "x .....", null, "000.safetensors"));
    attacks.put(AttackName.RING_A_BELL, trials("ring-a-bell", "x xxxx.", "words", null));
    AttackInfo info =
        new AttackInfo(
            AttackInfo.SCHEMA,
            "test",
            "suite",
            "Quick",
            "model",
            "ff",
            "pocket",
            "ee",
            null,
            "cat",
            "sky",
            prompts("named", 7),
            prompts("implicit", 2),
            AttackLine.SUITE.sampler(),
            MadeRun.CLIP,
            "cpu",
            "fp32",
            Shard.WHOLE);
    run =
        new AttackedRun(
            info,
            trials("original", "xxxxxxx", null, null),
            trials("original-implicit", ".x", null, null),
            trials("erased", ".x.....", null, null),
            attacks,
            Map.of(),
            List.of(),
            Map.of());
  }

  private static List<PlannedPrompt> prompts(String name, int count) {
    List<PlannedPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(new PlannedPrompt(name + " " + i, 10 + i, null));
    }
    return prompts;
  }

  /**
   * Trials by place, each with an image of its own: {@code x} shows the concept, {@code .} does
   * not, a space is none.
   */
  private SortedMap<Integer, Kept> trials(
      String pass, String shown, @Nullable String found, @Nullable String embedding)
      throws IOException {
    String named = pass.endsWith("implicit") ? "implicit " : "named ";
    SortedMap<Integer, Kept> all = new TreeMap<>();
    for (int i = 0; i < shown.length(); i++) {
      if (shown.charAt(i) != ' ') {
        boolean won = shown.charAt(i) == 'x';
        Trial trial =
            new Trial(
                named + i,
                10 + i,
                null,
                won,
                won ? "cat by " + pass : "sky by " + pass,
                0,
                won && found != null ? found + " " + i : null,
                null,
                won ? embedding : null,
                null,
                null,
                null,
                "00");
        all.put(i, new Kept(trial, folder.resolve(pass), picture(pass, i)));
      }
    }
    return all;
  }

  private Path picture(String pass, int index) throws IOException {
    int hash = (pass + index).hashCode();
    byte[] rgb = new byte[3 * 8 * 6];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (hash >> 8 * (i % 3));
    }
    Path file = file(pass, index);
    Files.createDirectories(file.getParent());
    return Files.write(file, PngWriter.encode(new Image(8, 6, rgb), Map.of()));
  }

  private Path file(String pass, int index) {
    return folder.resolve(pass).resolve(index + ".png");
  }

  private Thumbnail thumbnail(boolean exact, String pass, int index) {
    return Thumbnails.strip(
        List.of(file(pass, index)),
        file -> {
          Image image = ImageStore.anySize(file);
          return new Thumbnails.Pixels(image.width(), image.height(), image.rgb());
        },
        exact);
  }

  private Drawn drawn(String line, String pass, String prompt, int index, boolean shown) {
    return new Drawn(
        new Captioned(
            thumbnail(true, pass, index),
            line + ": " + prompt + " " + index + ", seed " + (10 + index),
            (shown ? "cat by " : "sky by ") + pass),
        shown);
  }

  private Drawn named(String line, String pass, int index, boolean shown) {
    return drawn(line, pass, "named", index, shown);
  }

  private Drawn implicit(String line, String pass, int index, boolean shown) {
    return drawn(line, pass, "implicit", index, shown);
  }

  private AttackPage.Run page() {
    return AttackGallery.of(List.of(run)).get(0);
  }

  @Test
  void everyPromptIsShownBeforeAfterAndUnderEachAttack() {
    AttackPage.Run page = page();
    assertThat(page.title()).isEqualTo("Quick, cat");
    assertThat(page.images().prompts())
        .containsExactly(
            "named 0 · seed 10",
            "named 1 · seed 11",
            "named 2 · seed 12",
            "named 3 · seed 13",
            "named 4 · seed 14",
            "named 5 · seed 15");
    assertThat(page.images().lines())
        .containsExactly(
            new Line(
                "Before erasing",
                Stream.of(0, 1, 2, 3, 4, 5)
                    .map(i -> named("Before erasing", "original", i, true))
                    .toList()),
            new Line(
                "After",
                Stream.of(0, 1, 2, 3, 4, 5).map(i -> named("After", "erased", i, i == 1)).toList()),
            new Line(
                "Closed-form probe",
                List.of(
                    named("Closed-form probe", "probe", 0, true),
                    named("Closed-form probe", "erased", 1, true),
                    named("Closed-form probe", "probe", 2, false),
                    named("Closed-form probe", "probe", 3, false),
                    named("Closed-form probe", "probe", 4, false),
                    named("Closed-form probe", "probe", 5, false))),
            new Line(
                "Ring-A-Bell",
                List.of(
                    named("Ring-A-Bell", "ring-a-bell", 0, true),
                    named("Ring-A-Bell", "erased", 1, true),
                    named("Ring-A-Bell", "ring-a-bell", 2, true),
                    named("Ring-A-Bell", "ring-a-bell", 3, true),
                    named("Ring-A-Bell", "ring-a-bell", 4, true),
                    named("Ring-A-Bell", "ring-a-bell", 5, true))));
  }

  @Test
  void implicitPromptsThatCountAreShownBeforeAndAfter() {
    assertThat(page().implicit().prompts()).containsExactly("implicit 1 · seed 11");
    assertThat(page().implicit().lines())
        .containsExactly(
            new Line(
                "Before erasing",
                List.of(implicit("Before erasing", "original-implicit", 1, true))),
            new Line("After", List.of(implicit("After", "implicit", 1, true))));
  }

  @Test
  void theFirstFewPromptsThatWereFoundAreListed() {
    assertThat(page().found())
        .containsExactly(
            new Found("Implicit prompts", "implicit 1", 11, "cat by implicit"),
            new Found(
                "Closed-form probe", "no words: an embedding, from “named 0”", 10, "cat by probe"),
            new Found("Ring-A-Bell", "words 0", 10, "cat by ring-a-bell"),
            new Found("Ring-A-Bell", "words 2", 12, "cat by ring-a-bell"),
            new Found("Ring-A-Bell", "words 3", 13, "cat by ring-a-bell"),
            new Found("Ring-A-Bell", "words 4", 14, "cat by ring-a-bell"));
    assertThat(page().more()).isEqualTo("found.csv has 1 more.");
  }

  @Test
  void thePageFramesWhatShowsTheConceptAndListsWhatWasFound() {
    AttackPage.Table none = new AttackPage.Table("t", List.of(), List.of());
    String html =
        new AttackPage("t", "v", "j", none, List.of(), List.of(page()), List.of(), List.of())
            .html();
    assertThat(html.split("<td class=\"shown\">", -1)).hasSize(1 + 6 + 1 + 2 + 6 + 2);
    assertThat(html.split("<td class=\"gone\">", -1)).hasSize(1 + 5 + 4);
    assertThat(PageRows.of(html))
        .containsSubsequence(
            "Attack | Prompt | Seed | Seen",
            "Implicit prompts | implicit 1 | 11 | cat by implicit",
            "Ring-A-Bell | words 4 | 14 | cat by ring-a-bell");
  }

  @Test
  void theImagesOfManyRunsMayLoseSomeDetail() {
    List<AttackPage.Run> four = AttackGallery.of(List.of(run, run, run, run));
    assertThat(four).hasSize(4);
    assertThat(four.get(3).images().lines().get(1).cells().get(2).image().image())
        .isEqualTo(thumbnail(false, "erased", 2));
    assertThat(AttackGallery.of(List.of(run, run, run)).get(0)).isEqualTo(page());
  }

  /** A row for each prompt that shows the concept, with what it takes to draw it again. */
  @Test
  void theTableOfFoundPromptsHasAllThatShow() {
    assertThat(FoundCsv.write(List.of(run), folder).lines())
        .containsExactly(
            "method,concept,attack,prompt,seed,success,seen,started_from,embedding,picture",
            "Quick,cat,none,named 1,11,without attack,cat by erased,,,erased/1.png",
            "Quick,cat,implicit,implicit 1,11,implicit prompt,cat by implicit,,,implicit/1.png",
            "Quick,cat,probe,named 0,10,under attack,cat by probe,named 0,"
                + "probe/000.safetensors,probe/0.png",
            "Quick,cat,ring-a-bell,words 0,10,under attack,cat by ring-a-bell,named 0,,"
                + "ring-a-bell/0.png",
            "Quick,cat,ring-a-bell,words 2,12,under attack,cat by ring-a-bell,named 2,,"
                + "ring-a-bell/2.png",
            "Quick,cat,ring-a-bell,words 3,13,under attack,cat by ring-a-bell,named 3,,"
                + "ring-a-bell/3.png",
            "Quick,cat,ring-a-bell,words 4,14,under attack,cat by ring-a-bell,named 4,,"
                + "ring-a-bell/4.png",
            "Quick,cat,ring-a-bell,words 5,15,under attack,cat by ring-a-bell,named 5,,"
                + "ring-a-bell/5.png");
  }
}
