package org.realera.report;

import gg.jte.Content;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.realera.files.AtomicFile;

/**
 * report.html: what the erasure did, for a person to look at. One file without scripts or links,
 * the same bytes for the same run; times are in realera.json only.
 *
 * @param title what was erased: {@code airplane → sky}
 * @param facts label to text, in order
 * @param images one card for each prompt, in order
 * @param imagesNote why there are no images, or what to know of them
 * @param losses of the alignment's steps; empty if there was none
 * @param stages a stage's name to what came of it, in order
 * @param recipe the recipe in YAML
 */
public record EraseReport(
    String title,
    Map<String, String> facts,
    List<Card> images,
    String imagesNote,
    List<Double> losses,
    Map<String, String> stages,
    String recipe) {

  /** What a prompt is in the report for. */
  public enum Role {
    ERASED("Erased"),
    NEIGHBOR("Neighbor"),
    KEPT("Kept");

    private final String text;

    Role(String text) {
      this.text = text;
    }

    /** The class of its card. */
    public String style() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A prompt drawn with the same seeds before and after.
   *
   * @param note where the prompt lies: {@code cosine 0.81}; may be empty
   * @param seenBefore what the images show, {@code 98 % airplane}; empty if nobody looked
   * @param seenAfter likewise
   */
  public record Card(
      Role role,
      String prompt,
      String note,
      List<Thumbnail> before,
      List<Thumbnail> after,
      String seenBefore,
      String seenAfter) {

    /** One at which nobody looked. */
    public Card(
        Role role, String prompt, String note, List<Thumbnail> before, List<Thumbnail> after) {
      this(role, prompt, note, before, after, "", "");
    }

    /** The same with what its images show. */
    public Card seen(String first, String second) {
      return new Card(role, prompt, note, before, after, first, second);
    }

    /** What stands above the prompt. */
    public String caption() {
      return role.text + (note.isEmpty() ? "" : " · " + note);
    }
  }

  /** The losses as a drawing; there must be some. */
  public Content curve() {
    return LossCurve.svg(losses);
  }

  /**
   * Writes the page.
   *
   * @throws org.realera.RealeraException it can't be written
   */
  public void write(Path file) {
    AtomicFile.write(file, html().getBytes(StandardCharsets.UTF_8));
  }

  String html() {
    return Pages.html("erase.jte", this);
  }
}
