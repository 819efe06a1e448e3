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
 * figures would else pass for those of the edited one. The front matter (licence, tags) stays, and
 * so does every byte of the text, in whatever encoding it is.
 */
final class EditedCard {
  static final String FILE = "README.md";

  /** Not {@code \R}, which takes the byte 0x85, a part of other characters, for a line's end. */
  private static final String END = "(?:\\r\\n?|\\n)";

  private static final Pattern FRONT_MATTER =
      Pattern.compile("\\A---" + END + ".*?" + END + "---" + END, Pattern.DOTALL);

  /** A byte order mark in UTF-8, one character a byte. */
  private static final String MARK = "\u00ef\u00bb\u00bf";

  private static final int MOST_NAMED = 20;

  private EditedCard() {}

  /** Puts the note above the card that was copied to this folder, or begins one. */
  static void write(Path folder, String model, MethodName method, List<ConceptPair> concepts) {
    Path file = folder.resolve(FILE);
    byte[] card;
    try {
      card = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
    AtomicFile.write(file, edited(card, model, method, concepts));
  }

  static byte[] edited(
      byte[] original, String model, MethodName method, List<ConceptPair> concepts) {
    // One character a byte: what is not UTF-8 comes out as it went in.
    String all = new String(original, StandardCharsets.ISO_8859_1);
    // Front matter stands at the very start; a byte order mark before it would hide it.
    String card = all.startsWith(MARK) ? all.substring(MARK.length()) : all;
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
    if (!body.isEmpty()) {
      note += "> What follows is the card of the original, and its figures are the original's.\n\n";
    }
    String added = new String(note.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return (head + added + body).getBytes(StandardCharsets.ISO_8859_1);
  }
}
