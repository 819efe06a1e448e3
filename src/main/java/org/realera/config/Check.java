package org.realera.config;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.ModelText;

/**
 * Range checks of the recipe's records. Every message starts with the dotted key, so that {@link
 * RecipeReader} can say in which line of the file that key stands.
 */
final class Check {
  /** More of one concept and template only take time. */
  private static final int MOST_SAMPLES = 100_000;

  private Check() {}

  static int atLeast(String key, int value, int least) {
    if (value < least) {
      throw bad(key, value, "must be at least " + least);
    }
    return value;
  }

  /** {@code 1 <= value <= most}. */
  static int upTo(String key, int value, int most) {
    if (value > most) {
      throw bad(key, value, "must be at most " + most);
    }
    return atLeast(key, value, 1);
  }

  /** {@code least <= value <= most}. */
  static int between(String key, int value, int least, int most) {
    if (value > most) {
      throw bad(key, value, "must be at most " + most);
    }
    return atLeast(key, value, least);
  }

  /** {@code 1 <= value <=} {@value #MOST_SAMPLES}. */
  static int samples(String key, int value) {
    return upTo(key, value, MOST_SAMPLES);
  }

  /**
   * The numbers of a training.
   *
   * @param group before their keys: empty or {@code "lora."}
   */
  static void training(
      String group, int steps, double learningRate, double weightDecay, int checkpointEvery) {
    upTo(group + "steps", steps, Limits.TRAINING_STEPS);
    positive(group + "learning_rate", learningRate);
    notNegative(group + "weight_decay", weightDecay);
    atLeast(group + "checkpoint_every", checkpointEvery, 1);
  }

  /** The numbers of images that the original model draws. */
  static void pictures(String group, int images, int imageSteps, double imageGuidance) {
    upTo(group + "images", images, Limits.SAMPLES);
    upTo(group + "image_steps", imageSteps, Limits.STEPS);
    notNegative(group + "image_guidance", imageGuidance);
  }

  /** The numbers of a walk from noise to z that ends early. */
  static void walk(double startGuidance, int samplerSteps) {
    notNegative("start_guidance", startGuidance);
    between("sampler_steps", samplerSteps, 2, Limits.STEPS);
  }

  /** One of an enum's constants, which {@code null} is not. */
  static void given(String key, @Nullable Object value, String known) {
    if (value == null) {
      throw bad(key, "missing", "must be " + known);
    }
  }

  /** {@code low <= value <= high}; NaN fails. */
  static double within(String key, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw bad(key, value, "must be between " + low + " and " + high);
    }
    return value;
  }

  /** {@code 0 < value < infinity}. */
  static double positive(String key, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw bad(key, value, "must be greater than 0");
    }
    return value;
  }

  /** {@code 0 <= value < infinity}. */
  static double notNegative(String key, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw bad(key, value, "must be 0 or more");
    }
    return value;
  }

  /** A group of keys that has to be there. */
  static void group(String key, @Nullable Record value) {
    if (value == null) {
      throw RealeraException.usage(key + " is missing", "Add it.");
    }
  }

  /** Words for the model, {@link ModelText#tidy}; none or an empty text is an error. */
  static String text(String key, @Nullable String value) {
    return filled(key, value, ModelText::tidy);
  }

  /**
   * Words for the model that name something. A prompt may have U+FFFD in it, which the model passes
   * over; a name would be another without the letter.
   */
  static String name(String key, @Nullable String value) {
    if (value != null && ModelText.hasLostLetter(value)) {
      throw RealeraException.usage(
          key + " is \"" + value + "\", with a character that could not be read (U+FFFD)",
          "Write that letter anew, and save the file as UTF-8.");
    }
    return text(key, value);
  }

  static List<String> names(String key, List<String> values) {
    return values.stream().map(v -> name(key, v)).toList();
  }

  /** A file or folder without blanks at its ends; none or an empty one is an error. */
  static String path(String key, @Nullable String value) {
    return filled(key, value, String::strip);
  }

  private static String filled(
      String key, @Nullable String value, Function<String, String> reading) {
    if (value == null) {
      throw RealeraException.usage(key + " is missing", "Add it.");
    }
    String text = reading.apply(value);
    if (text.isEmpty()) {
      throw RealeraException.usage(key + " is empty", "Give it a text.");
    }
    return text;
  }

  static List<String> texts(String key, List<String> values) {
    return values.stream().map(v -> text(key, v)).toList();
  }

  /** Prompts with one {@code {}} each, no two the same. */
  static List<String> templates(String key, List<String> values) {
    List<String> templates = texts(key, values);
    for (String template : templates) {
      if (!Template.isOne(template)) {
        throw bad(key, "\"" + template + "\"", "must have {} in it exactly once");
      }
    }
    if (Set.copyOf(templates).size() < templates.size()) {
      throw bad(key, templates, "must not have an entry twice");
    }
    return templates;
  }

  static RealeraException bad(String key, Object value, String rule) {
    return RealeraException.usage(
        key + " is " + value + ", but " + rule,
        "Change it in the recipe, or leave the key out to have its default.");
  }
}
