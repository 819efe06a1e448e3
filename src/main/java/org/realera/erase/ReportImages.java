package org.realera.erase;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.realera.concept.Concept;
import org.realera.concept.NearbyWords;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.config.RealEraSettings;
import org.realera.config.ReportSettings;
import org.realera.config.Template;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Sameness;
import org.realera.report.EraseReport.Card;
import org.realera.report.EraseReport.Role;
import org.realera.report.Thumbnail;
import org.realera.report.Thumbnails;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;

/** Which images the report shows, and drawing them. */
final class ReportImages {
  private static final int EACH = 2;

  /** A U-Net of fewer parameters draws in seconds on a CPU; SD v1.4's has 860 million. */
  private static final long SMALL = 50_000_000;

  private ReportImages() {}

  /**
   * A prompt to be drawn.
   *
   * @param word what stands in it
   * @param concept as {@link DrawnWord} has it
   * @param note as a card's
   */
  record Subject(Role role, String word, String concept, String prompt, String note) {}

  /** Why no images are drawn; empty if they are. */
  static String reasonAgainst(ReportSettings settings, Weights unet, Compute compute) {
    return switch (settings.pictures()) {
      case ALWAYS -> "";
      case NEVER -> "The recipe asks for no pictures (report.pictures).";
      case AUTO -> {
        long size = unet.tensors().values().stream().mapToLong(TensorInfo::elements).sum();
        yield compute.device().isGpu() || size < SMALL
            ? ""
            : "No pictures were drawn: on a CPU this model takes minutes for them. Set"
                + " report.pictures to always to have them.";
      }
    };
  }

  /** The concepts whose images are shown: the first few. */
  static List<ConceptPair> shown(EraseRecipe recipe) {
    return recipe.concepts().subList(0, shown(recipe.concepts().size()));
  }

  /**
   * The concepts shown, words near them, and concepts that should stay.
   *
   * @param concepts of {@link #shown(EraseRecipe)}, with the rows of the first template
   */
  static List<Subject> choose(EraseRecipe recipe, List<Concept> concepts, NearbyWords vocabulary) {
    String template = recipe.templates().get(0);
    List<Subject> subjects = new ArrayList<>();
    for (Concept concept : concepts) {
      String name = concept.pair().concept();
      subjects.add(new Subject(Role.ERASED, name, name, Template.fill(template, name), ""));
      if (recipe.report().neighbors().isEmpty()) {
        int count = concepts.size() == 1 ? EACH : 1;
        vocabulary
            .find(concept, template, near(recipe), count)
            .forEach(word -> subjects.add(subject(Role.NEIGHBOR, name, template, word)));
      }
    }
    String whole = concepts.get(0).pair().concept();
    var first = concepts.get(0).rows().get(0);
    vocabulary
        .cosines(first, template, recipe.report().neighbors())
        .forEach(word -> subjects.add(subject(Role.NEIGHBOR, whole, template, word)));
    vocabulary
        .cosines(first, template, kept(recipe))
        .forEach(word -> subjects.add(subject(Role.KEPT, whole, template, word)));
    return subjects;
  }

  /** Which cosines count as near: RealEra's own, or what it takes where nothing is said. */
  private static MiningSettings near(EraseRecipe recipe) {
    return recipe.settings() instanceof RealEraSettings realEra
        ? realEra.mining()
        : EraseRecipe.DEFAULT.mining();
  }

  private static int shown(int concepts) {
    return Math.min(concepts, ReportSettings.MOST_CONCEPTS);
  }

  /** What the report says above its images. */
  static String note(EraseRecipe recipe) {
    String same = "Same prompts, same seeds; only the model differs.";
    int all = recipe.concepts().size();
    int shown = shown(all);
    if (shown == all) {
      return same;
    }
    String other = Template.fill(recipe.templates().get(0), recipe.concepts().get(shown).concept());
    return "%s Of %s concepts the first %s are shown: to see another, run realera generate with this folder as --model and a --prompt such as “%s”."
        .formatted(same, all, shown, other);
  }

  /** What the log says of the images drawn. */
  static String summary(EraseRecipe recipe, List<Subject> subjects) {
    int all = recipe.concepts().size();
    int shown = shown(all);
    return 2 * subjects.size() * recipe.report().seeds()
        + " pictures of "
        + subjects.size()
        + " prompts"
        + (shown == all ? "" : ", for the first " + shown + " of " + all + " concepts");
  }

  private static List<String> kept(EraseRecipe recipe) {
    List<String> named =
        recipe.concepts().stream()
            .flatMap(pair -> Stream.of(pair.concept(), pair.anchor()))
            .map(text -> text.toLowerCase(Locale.ROOT))
            .toList();
    return Stream.concat(recipe.preserve().stream(), recipe.report().kept().stream())
        .filter(text -> !named.contains(text.toLowerCase(Locale.ROOT)))
        .distinct()
        .limit(EACH)
        .toList();
  }

  private static Subject subject(
      Role role, String concept, String template, NearbyWords.Word word) {
    String note = String.format(Locale.ROOT, "cosine %.2f", word.cosine());
    return new Subject(role, word.text(), concept, Template.fill(template, word.text()), note);
  }

  /** How many steps {@link #draw} takes. */
  static long steps(ReportSettings settings, List<Subject> subjects) {
    return 2L * subjects.size() * settings.seeds() * settings.steps();
  }

  /**
   * Draws every prompt with the same seeds by the original and the edited model.
   *
   * @param edits of the edited model, on the compute device
   * @param notes hears of images that show nothing
   */
  static List<DrawnWord> draw(
      EraseRecipe recipe,
      List<Subject> subjects,
      Painter painter,
      Edits edits,
      LongConsumer progress,
      Consumer<String> notes) {
    ReportSettings settings = recipe.report();
    List<ImageRequest> requests = new ArrayList<>();
    for (Subject subject : subjects) {
      for (int i = 0; i < settings.seeds(); i++) {
        long seed = recipe.seed() + i;
        requests.add(
            painter.request(subject.prompt(), seed, settings.steps(), settings.guidance()));
      }
    }
    long half = steps(settings, subjects) / 2;
    List<Image> before = painter.draw(requests, Edits.NONE, progress);
    List<Image> after = painter.draw(requests, edits, n -> progress.accept(half + n));
    noteSameness("original", before, notes);
    noteSameness("edited", after, notes);
    List<DrawnWord> drawn = new ArrayList<>();
    for (int i = 0; i < subjects.size(); i++) {
      int from = i * settings.seeds();
      int to = from + settings.seeds();
      Subject subject = subjects.get(i);
      drawn.add(
          new DrawnWord(
              DrawnWord.Role.valueOf(subject.role().name()),
              subject.word(),
              subject.concept(),
              before.subList(from, to),
              after.subList(from, to)));
    }
    return drawn;
  }

  /** The cards of what was drawn of the subjects. */
  static List<Card> cards(List<Subject> subjects, List<DrawnWord> drawn) {
    List<Card> cards = new ArrayList<>();
    for (int i = 0; i < drawn.size(); i++) {
      Subject subject = subjects.get(i);
      cards.add(
          new Card(
              subject.role(),
              subject.prompt(),
              subject.note(),
              thumbnails(drawn.get(i).before()),
              thumbnails(drawn.get(i).after())));
    }
    return cards;
  }

  private static void noteSameness(String model, List<Image> drawn, Consumer<String> notes) {
    Sameness.of(drawn.stream())
        .ifPresent(finding -> notes.accept("of the " + model + " model " + finding));
  }

  private static List<Thumbnail> thumbnails(List<Image> images) {
    return images.stream()
        .map(image -> Thumbnails.of(image.width(), image.height(), image.rgb()))
        .toList();
  }
}
