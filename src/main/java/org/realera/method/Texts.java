package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.realera.RealeraException;
import org.realera.tensor.Batches;
import org.realera.text.ClipTokenizer;
import org.realera.text.TextModel;
import org.realera.text.Tokens;

/** The embeddings of a method's texts, each different one encoded once; fp32 on the CPU. */
final class Texts {
  private final Map<String, Integer> last = new HashMap<>();
  private final Map<String, NDArray> rows = new HashMap<>();

  private Texts() {}

  /**
   * Encodes texts, the empty one may be among them.
   *
   * @param scope owns the rows
   * @throws RealeraException (usage) if a text is cut off by the limit of 77 tokens; (damaged) if
   *     the encoder gives numbers that are not finite
   */
  static Texts encode(Collection<String> all, TextModel text, NDManager scope) {
    Texts texts = new Texts();
    List<Tokens> todo = new ArrayList<>();
    for (String one : new LinkedHashSet<>(all)) {
      Tokens tokens = text.tokenizer().tokenize(one);
      requireWhole(tokens);
      todo.add(tokens);
    }
    for (List<Tokens> some : Batches.parts(todo, TextModel.AT_ONCE)) {
      try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
        NDArray encoded = text.encodeTokens(some, inner);
        for (int i = 0; i < some.size(); i++) {
          NDArray own = encoded.get(i).duplicate();
          own.attach(scope);
          texts.rows.put(some.get(i).text(), own);
          texts.last.put(some.get(i).text(), lastContent(some.get(i)));
        }
      }
    }
    return texts;
  }

  private static void requireWhole(Tokens tokens) {
    if (tokens.truncated()) {
      throw RealeraException.usage(
          "\""
              + tokens.text()
              + "\" is cut off: the text encoder reads "
              + (ClipTokenizer.SEQUENCE_LENGTH - 2)
              + " tokens",
          "Shorten it.");
    }
  }

  /** Where the last content token stands: before the end token; of the empty text the start. */
  static int lastContent(Tokens tokens) {
    return tokens.length() - 2;
  }

  /** How many different texts there are. */
  int size() {
    return rows.size();
  }

  /** All rows of a text, [77, d]. */
  NDArray all(String text) {
    return Objects.requireNonNull(rows.get(text), text);
  }

  /** The last content token's row, [1, d]. */
  NDArray last(String text) {
    int at = lastOf(text);
    return all(text).get(new NDIndex("{}:{}", at, at + 1));
  }

  /** All rows but the start token's, [76, d]. */
  NDArray afterStart(String text) {
    return all(text).get(new NDIndex("1:"));
  }

  /** So many rows from the last content token on, [rows, d]. */
  NDArray fromLast(String text, int rows) {
    int at = lastOf(text);
    return all(text).get(new NDIndex("{}:{}", at, at + rows));
  }

  /** The position of the last content token. */
  int lastOf(String text) {
    return Objects.requireNonNull(last.get(text), text);
  }
}
