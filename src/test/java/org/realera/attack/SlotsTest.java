package org.realera.attack;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Golden;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;
import org.realera.text.Tokens;

class SlotsTest {
  private static TextModel text;
  private static TokenTable table;

  @BeforeAll
  static void load() {
    text = TextModel.load(Checkpoint.open(Golden.path("tiny-sd")), Engine.compute("cpu", "fp32"));
    table = new TokenTable(text);
  }

  @AfterAll
  static void unload() {
    table.close();
    text.close();
  }

  private static Tokens tokens(String prompt) {
    return text.tokenizer().tokenize(prompt);
  }

  private static List<Long> ids(Slots slots, long... chosen) {
    long[] all = slots.ids(chosen);
    assertThat(all).hasSize(77);
    return Arrays.stream(all).boxed().toList();
  }

  private static List<Long> prompt(long... words) {
    long[] all = new long[77];
    long[] empty = tokens("").ids();
    Arrays.fill(all, empty[76]);
    all[0] = empty[0];
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = empty[1];
    return Arrays.stream(all).boxed().toList();
  }

  private static long word(String word) {
    List<Long> ids = text.tokenizer().ids(word);
    assertThat(ids).hasSize(1);
    return ids.get(0);
  }

  @Test
  void freeTokensStandBeforeThePromptOrAloneOrAmongItsWords() {
    long a = word("a");
    long of = word("of");
    Tokens words = tokens("a of a of");
    assertThat(ids(Slots.before(words, 2, text), 50, 51)).isEqualTo(prompt(50, 51, a, of, a, of));
    assertThat(ids(Slots.alone(3, text), 50, 51, 52)).isEqualTo(prompt(50, 51, 52));
    assertThat(ids(Slots.among(words, 3, text), 50, 51)).isEqualTo(prompt(50, a, of, a, 51, of));
    assertThat(ids(Slots.among(words, 2, text), 50, 51, 52))
        .isEqualTo(prompt(50, a, of, 51, a, of, 52));
    assertThat(ids(Slots.in("a {} a", "{}", text), 50)).isEqualTo(prompt(a, 50, a));
  }

  @Test
  void wordsThatDoNotFitAreCutOff() {
    Slots slots = Slots.before(tokens("of ".repeat(75).strip()), 2, text);
    List<Long> ids = ids(slots, 50, 51);
    assertThat(ids.subList(0, 4)).containsExactly(tokens("").ids()[0], 50L, 51L, word("of"));
    assertThat(ids.get(76)).isEqualTo(tokens("").ids()[1]);
    assertThat(slots.count()).isEqualTo(2);
    // every second place would be free, and two of three words go
    assertThat(Slots.among(tokens("of ".repeat(75).strip()), 1, text).count()).isEqualTo(38);
  }

  @Test
  void rowsOfFreeTokensStandInTheirPlacesAndComeOutOfThem() {
    Slots slots = Slots.among(tokens("a of a"), 2, text);
    float[] free = new float[2 * table.width()];
    Arrays.fill(free, 0, table.width(), 3);
    Arrays.fill(free, table.width(), free.length, 4);
    float[] rows = slots.rows(table, free);
    assertThat(slots.free(rows)).isEqualTo(free);
    assertThat(rows[table.width()]).isEqualTo(3);
    long[] a = {word("a")};
    assertThat(Arrays.copyOfRange(rows, 2 * table.width(), 3 * table.width()))
        .isEqualTo(table.rows(a));
  }

  @Test
  void theTextIsThatOfWordsAndChosenTokensAlone() {
    Slots slots = Slots.before(tokens("a of"), 1, text);
    assertThat(slots.text(new long[] {word("the")}, text.tokenizer())).isEqualTo("the a of");
    assertThat(Slots.alone(1, text).text(new long[] {word("the")}, text.tokenizer()))
        .isEqualTo("the");
  }

  @Test
  void theNearestTokenIsThatOfTheLargestCosineWhateverTheLength() {
    int count = 30;
    float[] given;
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Shape shape = new Shape(count, table.width());
      given = new Noise(5).normal(scope, shape).mul(40).toFloatArray();
    }
    float[] all = table.rows(LongStream.range(0, table.size()).toArray());
    long[] byCosine = new long[count];
    long[] byProduct = new long[count];
    for (int i = 0; i < count; i++) {
      byCosine[i] = best(given, i, all, true);
      byProduct[i] = best(given, i, all, false);
    }
    assertThat(table.nearest(given)).containsExactly(byCosine).isNotEqualTo(byProduct);
  }

  /** The token of the largest cosine or product, one by one. */
  private static long best(float[] given, int query, float[] all, boolean cosine) {
    int d = table.width();
    int best = 0;
    double most = -Double.MAX_VALUE;
    for (int token = 0; token < table.size(); token++) {
      double product = 0;
      double squares = 0;
      for (int i = 0; i < d; i++) {
        product += given[query * d + i] * all[token * d + i];
        squares += all[token * d + i] * all[token * d + i];
      }
      double found = cosine ? product / Math.sqrt(squares) : product;
      if (found > most) {
        most = found;
        best = token;
      }
    }
    return best;
  }

  @Test
  void whatBeginsEndsOrFillsAPromptIsNotDrawn() {
    assertThat(table.plain())
        .doesNotContain(tokens("").ids())
        .doesNotContain(0)
        .hasSizeGreaterThanOrEqualTo(text.tokenizer().size() - 4)
        .contains(word("of"), 1, text.tokenizer().size() - 3);
  }
}
