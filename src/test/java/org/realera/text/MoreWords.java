package org.realera.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.realera.files.Json;

/** Words for a small vocabulary: the models that come along have fewer than the limits count. */
public final class MoreWords {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";

  private final ObjectNode vocabulary;
  private final List<String> merges = new ArrayList<>();

  private MoreWords(ObjectNode vocabulary) {
    this.vocabulary = vocabulary;
  }

  /**
   * Adds words of four letters to a tokenizer, with the halves that they come from.
   *
   * @param folder with vocab.json and merges.txt
   * @param count at most 200,000
   * @return the words, as they are ordered
   */
  public static List<String> add(Path folder, int count) throws IOException {
    Path table = folder.resolve("vocab.json");
    MoreWords more = new MoreWords((ObjectNode) Json.read(table));
    List<String> words = more.add(count);
    Files.writeString(table, more.vocabulary.toString());
    Files.write(folder.resolve("merges.txt"), more.merges, StandardOpenOption.APPEND);
    return words;
  }

  private List<String> add(int count) {
    List<String> words = new ArrayList<>();
    for (String first : pairs()) {
      for (String second : pairs()) {
        if (words.size() == count) {
          return words;
        }
        half(first, "");
        half(second, "</w>");
        if (merged(first, second + "</w>")) {
          words.add(first + second);
        }
      }
    }
    throw new IllegalArgumentException(count + " are too many");
  }

  private static List<String> pairs() {
    return ALPHABET
        .chars()
        .boxed()
        .flatMap(a -> ALPHABET.chars().mapToObj(b -> "" + (char) a.intValue() + (char) b))
        .toList();
  }

  private void half(String pair, String end) {
    merged(pair.substring(0, 1), pair.substring(1) + end);
  }

  /** False if it is there already. */
  private boolean merged(String left, String right) {
    if (vocabulary.has(left + right)) {
      return false;
    }
    merges.add(left + " " + right);
    vocabulary.put(left + right, vocabulary.size());
    return true;
  }
}
