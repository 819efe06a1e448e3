package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.UsersLanguage;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.ReportSettings.Pictures;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.Sight;
import org.realera.diffusion.Verdict;
import org.realera.files.Json;
import org.realera.safetensors.SafetensorsFile;
import org.realera.tensor.ComputeChoice;

/** Whole runs on the miniature model. */
class ErasureTest {
  @TempDir Path root;

  @Test
  void theSameSeedGivesTheSameFolderAndAnotherSeedAnother() throws IOException {
    EraseRecipe recipe = withImages(TinyModel.recipe());
    TinyRuns.run(root, recipe, "a");
    TinyRuns.run(root, recipe, "b");
    assertThat(TinyModel.contents(root.resolve("b")))
        .isEqualTo(TinyModel.contents(root.resolve("a")));
    TinyRuns.run(root, recipe.with("seed", 1), "c");
    assertThat(TinyModel.contents(root.resolve("c")).get(TinyRuns.UNET))
        .isNotEqualTo(TinyModel.contents(root.resolve("a")).get(TinyRuns.UNET));
  }

  @Test
  void theUsersLanguageChangesNoByte() throws IOException {
    EraseRecipe recipe = withImages(TinyModel.recipe());
    TinyRuns.run(root, recipe, "ours");
    var ours = TinyModel.contents(root.resolve("ours"));
    assertThat(ours).containsKeys("realera.json", "report.html", "README.md");
    for (String language :
        List.of(UsersLanguage.ARABIC, UsersLanguage.TURKISH, UsersLanguage.THAI)) {
      try (UsersLanguage users = new UsersLanguage(language)) {
        TinyRuns.run(root, recipe, language);
      }
      assertThat(TinyModel.contents(root.resolve(language))).as(language).isEqualTo(ours);
    }
  }

  @Test
  void whoReviewsTheImagesSeesEachWordAndIsQuotedInTheManifest() throws IOException {
    List<DrawnWord> shown = new ArrayList<>();
    EraseRecipe recipe = withImages(TinyModel.recipe());
    EraseRequest request =
        TinyModel.request(recipe, root.resolve("out"))
            .reviewedBy(
                images -> {
                  shown.addAll(images);
                  return new Verdict(
                      "somebody",
                      List.of(new Sight(images.get(0).role(), "house", "hut", 12.5, 0)));
                });
    TinyRuns.run(request);
    assertThat(shown).extracting(DrawnWord::role).contains(DrawnWord.Role.values());
    assertThat(shown.get(0).word()).isEqualTo("house");
    assertThat(shown)
        .allSatisfy(
            word -> {
              assertThat(word.concept()).isEqualTo("house");
              assertThat(word.before()).hasSize(recipe.report().seeds());
              assertThat(word.after()).hasSize(recipe.report().seeds());
            });
    JsonNode manifest = Json.read(root.resolve("out").resolve(Manifest.FILE));
    assertThat(manifest.at("/results/check/judge").asText()).isEqualTo("somebody");
    assertThat(manifest.at("/results/check/words/0"))
        .hasToString(
            "{\"role\":\"erased\",\"word\":\"house\",\"shows\":\"hut\",\"before\":12.5,\"after\":0.0}");
    TinyRuns.run(root, recipe, "alone");
    JsonNode alone = Json.read(root.resolve("alone").resolve(Manifest.FILE));
    assertThat(alone.at("/results").has("check")).isFalse();
  }

  @Test
  void withoutImagesThereIsNothingToReview() {
    List<DrawnWord> shown = new ArrayList<>();
    TinyRuns.run(
        TinyModel.request(TinyModel.recipe(), root.resolve("out"))
            .reviewedBy(
                images -> {
                  shown.addAll(images);
                  return null;
                }));
    assertThat(shown).isEmpty();
  }

  @Test
  void onlyTheCrossAttentionProjectionsChangeAndEveryOtherByteStays() throws IOException {
    TinyRuns.run(root, TinyModel.recipe(), "out");
    Set<String> changed = new TreeSet<>();
    try (SafetensorsFile before = SafetensorsFile.open(TinyModel.FOLDER.resolve(TinyRuns.UNET));
        SafetensorsFile after = SafetensorsFile.open(root.resolve("out").resolve(TinyRuns.UNET))) {
      assertThat(after.inFileOrder()).isEqualTo(before.inFileOrder());
      assertThat(after.metadata()).isEqualTo(before.metadata());
      for (String name : before.tensors().keySet()) {
        if (!java.util.Arrays.equals(bytes(before, name), bytes(after, name))) {
          changed.add(name);
        }
      }
    }
    assertThat(changed).isNotEmpty().allMatch(n -> n.matches(".*\\.attn2\\.to_[kv]\\.weight"));
    var contents = TinyModel.contents(root.resolve("out"));
    TinyModel.contents(TinyModel.FOLDER)
        .forEach(
            (name, hash) -> {
              if (!name.equals(TinyRuns.UNET)) {
                assertThat(contents).as(name).containsEntry(name, hash);
              }
            });
    assertThat(contents).containsKeys("realera.json", "report.html");
  }

  @Test
  void eachSwitchOfTheAblationTurnsOffItsPartAndNothingElse() throws IOException {
    EraseRecipe full = TinyModel.recipe();
    EraseRecipe closedForm =
        full.with("mining.enabled", false)
            .with("beyond.enabled", false)
            .with("alignment.enabled", false);
    JsonNode variant1 = TinyRuns.run(root, closedForm, "1");
    JsonNode variant2 = TinyRuns.run(root, closedForm.with("alignment", full.alignment()), "2");
    JsonNode variant3 = TinyRuns.run(root, full.with("beyond.enabled", false), "3");
    JsonNode ours = TinyRuns.run(root, full, "4");
    assertThat(numbers(variant1)).containsExactly(0, 0, 0);
    assertThat(numbers(variant2)).containsExactly(0, 0, 4);
    assertThat(numbers(variant3)).containsExactly(6, 0, 4);
    assertThat(numbers(ours)).containsExactly(6, 10, 4);
    Set<String> distinct = new TreeSet<>();
    for (String out : List.of("1", "2", "3", "4")) {
      distinct.add(TinyModel.contents(root.resolve(out)).get(TinyRuns.UNET));
    }
    assertThat(distinct).hasSize(4);
  }

  @Test
  void severalConceptsShareOneSolve() throws IOException {
    EraseRecipe two =
        TinyModel.recipe()
            .with(
                "concepts",
                List.of(new ConceptPair("house", "the city"), new ConceptPair("book", "a game")));
    JsonNode manifest = TinyRuns.run(root, two, "out");
    assertThat(numbers(manifest)).containsExactly(12, 20, 4);
    EraseRecipe preserving = two.with("preserve", List.of("family", "black friday"));
    long kept = manifest.at("/results/samples/kept_rows").asLong();
    assertThat(
            TinyRuns.run(root, preserving, "preserving").at("/results/samples/kept_rows").asLong())
        .isGreaterThan(kept);
  }

  /** Else nobody could tell how a model that was erased twice came to be. */
  @Test
  void aSecondErasureKeepsWhatTheFirstSaid() throws IOException {
    EraseRecipe first = TinyModel.recipe().with("alignment.enabled", false);
    JsonNode once = TinyRuns.run(root, first, "a");
    EraseRecipe second = first.with("concepts", List.of(new ConceptPair("book", "a game")));
    Path out = root.resolve("b");
    ModelRef erased = new ModelRef("a", root.resolve("a"));
    TinyRuns.run(
        new EraseRequest(erased, second, out, ComputeChoice.of("cpu", "fp32"), false, false));
    JsonNode twice = Json.read(out.resolve(Manifest.FILE));
    assertThat(twice.at("/recipe/concepts/0/concept").asText()).isEqualTo("book");
    assertThat(twice.at("/model/previous/recipe/concepts/0/concept").asText()).isEqualTo("house");
    assertThat(once.has("timings")).isTrue();
    assertThat(twice.at("/model/previous").has("timings")).isFalse();
    assertThat(once.at("/model").has("previous")).isFalse();
  }

  @Test
  void bfloat16AlignsTooWithFloat32Adapters() throws IOException {
    Path out = root.resolve("out");
    TinyRuns.run(
        new EraseRequest(
            new ModelRef("tiny", TinyModel.FOLDER),
            TinyModel.recipe(),
            out,
            ComputeChoice.of("cpu", "bf16"),
            false,
            false));
    JsonNode manifest = Json.read(out.resolve(Manifest.FILE));
    assertThat(manifest.at("/compute/dtype").asText()).isEqualTo("bf16");
    assertThat(manifest.path("losses")).hasSize(4);
  }

  @Test
  void theReportShowsConceptNeighborsAndKeptConceptsWhereAsked() throws IOException {
    JsonNode drawn = TinyRuns.run(root, withImages(TinyModel.recipe()), "out");
    String html = Files.readString(root.resolve("out/report.html"));
    assertThat(html).contains("house → the city").contains("a photo of the book").contains("<svg");
    JsonNode plain = TinyRuns.run(root, TinyModel.recipe(), "none");
    assertThat(Files.readString(root.resolve("none/report.html")))
        .contains("asks for no pictures")
        .doesNotContain("<img");
    // The report's images are no part of a method's cost. It is 2 images of the anchor in 2
    // steps with and without the prompt, and 6 terms in 4 steps, each before and after.
    assertThat(plain.at("/timings/unet_passes").asLong()).isEqualTo(2 * 2 * 2 + 6 * 2);
    assertThat(drawn.at("/timings/unet_passes").asLong()).isEqualTo(2 * 2 * 2 + 6 * 2);
  }

  private static EraseRecipe withImages(EraseRecipe recipe) {
    return recipe.with(
        "report",
        new org.realera.config.ReportSettings(
            Pictures.ALWAYS, 1, 2, 2, List.of(), List.of("book", "house")));
  }

  /** Neighbors, points beyond, alignment steps. */
  private static List<Integer> numbers(JsonNode manifest) {
    return List.of(
        manifest.at("/results/samples/neighbors").asInt(),
        manifest.at("/results/samples/beyond").asInt(),
        manifest.path("losses").size());
  }

  private static byte[] bytes(SafetensorsFile file, String name) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    file.copyBytes(name, Channels.newChannel(out));
    return out.toByteArray();
  }
}
