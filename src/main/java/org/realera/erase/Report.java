package org.realera.erase;

import static org.realera.page.Page.escape;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.realera.files.IoErrors;
import org.realera.method.Stage;
import org.realera.page.Page;

/**
 * report.html: what the erasure did, for a person to look at. One file without scripts or links,
 * the same bytes for the same run; times are in realera.json only.
 *
 * @param title what was erased: {@code airplane → sky}
 * @param facts label to text, in order
 * @param pictures one card for each prompt, in order
 * @param picturesNote why there are no pictures, or what to know of them
 * @param losses of the alignment's steps; empty if there was none
 * @param stages stage to what came of it, in order
 * @param recipe the recipe in YAML
 */
record Report(
    String title,
    Map<String, String> facts,
    List<Card> pictures,
    String picturesNote,
    List<Double> losses,
    Map<Stage, String> stages,
    String recipe) {
  /** Pictures larger than this are embedded as JPEG: eight of 512 x 512 would else take 4 MB. */
  private static final int LARGEST_PNG = 128;

  /** What a prompt is in the report for. */
  enum Role {
    ERASED("Erased"),
    NEIGHBOR("Neighbor"),
    KEPT("Kept");

    private final String text;

    Role(String text) {
      this.text = text;
    }
  }

  /**
   * A prompt drawn with the same seeds before and after.
   *
   * @param note where the prompt lies: {@code cosine 0.81}; may be empty
   */
  record Card(
      Role role,
      String prompt,
      String note,
      List<BufferedImage> before,
      List<BufferedImage> after) {}

  void write(Path file) {
    try {
      Files.writeString(file, html());
    } catch (IOException e) {
      throw IoErrors.writing(file, e);
    }
  }

  String html() {
    return Page.of(
        "report.html",
        Map.of(
            "title", escape(title),
            "facts", factList(),
            "pictures", cards(),
            "loss", lossCurve(),
            "stages", stageRows(),
            "recipe", escape(recipe)));
  }

  private String factList() {
    StringBuilder out = new StringBuilder();
    facts.forEach(
        (label, text) ->
            out.append("<dt>" + escape(label) + "</dt><dd>" + escape(text) + "</dd>\n"));
    return out.toString();
  }

  private String stageRows() {
    StringBuilder out = new StringBuilder();
    stages.forEach(
        (stage, text) ->
            out.append("<tr><td>" + escape(stage.title()) + "</td>")
                .append("<td>" + escape(text) + "</td></tr>\n"));
    return out.toString();
  }

  private String lossCurve() {
    if (losses.isEmpty()) {
      return "";
    }
    return "<h2>Alignment loss</h2>\n"
        + "<p class=\"soft\">Mean squared difference of predicted noise. Odd steps bring the"
        + " concept to its anchor; even steps bring a neighbor there and hold a point"
        + " beyond.</p>\n"
        + "<div class=\"card\">"
        + LossCurve.svg(losses)
        + "</div>";
  }

  private String cards() {
    StringBuilder out = new StringBuilder();
    if (!picturesNote.isEmpty()) {
      out.append("<p class=\"soft\">" + escape(picturesNote) + "</p>\n");
    }
    if (!pictures.isEmpty()) {
      out.append("<div class=\"cards\">\n");
      pictures.forEach(card -> out.append(card(card)));
      out.append("</div>");
    }
    return out.toString();
  }

  private static String card(Card card) {
    String role = card.role.text + (card.note.isEmpty() ? "" : " · " + card.note);
    return "<section class=\"card "
        + card.role.name().toLowerCase(Locale.ROOT)
        + "\"><p class=\"role\">"
        + escape(role)
        + "</p><h3>"
        + escape(card.prompt)
        + "</h3>\n"
        + row("Before", card.prompt, card.before)
        + row("After", card.prompt, card.after)
        + "</section>\n";
  }

  private static String row(String caption, String prompt, List<BufferedImage> images) {
    StringBuilder out = new StringBuilder();
    out.append("<figure><figcaption>" + caption + "</figcaption>");
    out.append("<div class=\"row\" style=\"--n:" + images.size() + "\">");
    for (BufferedImage image : images) {
      out.append(
          String.format(
              "<img alt=\"%s, %s\" width=\"%d\" height=\"%d\" src=\"%s\">",
              escape(prompt),
              caption.toLowerCase(Locale.ROOT),
              image.getWidth(),
              image.getHeight(),
              dataUri(image)));
    }
    return out.append("</div></figure>\n").toString();
  }

  private static String dataUri(BufferedImage image) {
    boolean png = Math.max(image.getWidth(), image.getHeight()) <= LARGEST_PNG;
    String format = png ? "png" : "jpeg";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalStateException("no writer for " + format + " of this kind of image");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String data = Base64.getEncoder().encodeToString(bytes.toByteArray());
    return "data:image/" + format + ";base64," + data;
  }
}
