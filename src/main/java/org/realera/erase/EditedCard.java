package org.realera.erase;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.realera.config.ConceptPair;
import org.realera.config.MethodName;
import org.realera.files.AtomicFile;
import org.realera.files.IoErrors;

/**
 * {@code README.md} of an edited model: what was done to it, above the card of the original, whose
 * figures would else pass for those of the edited one. The front matter (licence, tags) stays.
 */
final class EditedCard {
  static final String FILE = "README.md";

  private static final Pattern FRONT_MATTER =
      Pattern.compile("\\A---\\R.*?\\R---\\R", Pattern.DOTALL);
  private static final int MOST_NAMED = 20;

  private EditedCard() {}

  /** Puts the note above the card that was copied to this folder, or begins one. */
  static void write(Path folder, String model, MethodName method, List<ConceptPair> concepts) {
    Path file = folder.resolve(FILE);
    String card;
    try {
      card =
          Files.isRegularFile(file)
              ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
              : "";
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
    AtomicFile.write(file, edited(card, model, method, concepts).getBytes(StandardCharsets.UTF_8));
  }

  static String edited(
      String original, String model, MethodName method, List<ConceptPair> concepts) {
    // Front matter stands at the very start; a byte order mark before it would hide it.
    String card = original.startsWith("\ufeff") ? original.substring(1) : original;
    Matcher front = FRONT_MATTER.matcher(card);
    String head = front.find() ? front.group() : "";
    String body = card.substring(head.length()).stripLeading();
    String erased =
        concepts.stream()
            .limit(MOST_NAMED)
            .map(pair -> Markdown.text(pair.concept()) + " → " + Markdown.text(pair.anchor()))
            .collect(Collectors.joining(", "));
    int more = concepts.size() - MOST_NAMED;
    String note =
        "> **Edited by realera"
            + (method == MethodName.REALERA ? "" : ", method " + method.title())
            + ".** This is "
            + Markdown.text(model)
            + (concepts.size() == 1 ? " with a concept erased: " : " with concepts erased: ")
            + erased
            + (more > 0 ? " and " + more + " more" : "")
            + ".\n> `realera.json` says how, `report.html` shows pictures from before and after.\n";
    if (body.isEmpty()) {
      return head + note;
    }
    return head
        + note
        + "> What follows is the card of the original, and its figures are the original's.\n\n"
        + body;
  }
}
