package org.realera.attack;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.checkpoint.Checkpoint;
import org.realera.config.AttackReader;
import org.realera.golden.Golden;
import org.realera.tensor.Engine;
import org.realera.tensor.Noise;
import org.realera.text.ClipTokenizer;
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

  private static NamedTokens named(String prompt, String concept) {
    return NamedTokens.of(prompt, concept, text.tokenizer());
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
    NamedTokens words = named("a of a of", "cat");
    assertThat(ids(Slots.before(words, 2, text.tokenizer()), 50, 51))
        .isEqualTo(prompt(50, 51, a, of, a, of));
    assertThat(ids(Slots.alone(3, text.tokenizer()), 50, 51, 52)).isEqualTo(prompt(50, 51, 52));
    assertThat(ids(Slots.among(words, 3, text.tokenizer()), 50, 51))
        .isEqualTo(prompt(50, a, of, a, 51, of));
    assertThat(ids(Slots.among(words, 2, text.tokenizer()), 50, 51, 52))
        .isEqualTo(prompt(50, a, of, 51, a, of, 52));
    assertThat(ids(Slots.in("a {} a", "{}", text.tokenizer()), 50)).isEqualTo(prompt(a, 50, a));
  }

  @Test
  void wordsThatDoNotFitAreCutOff() {
    Slots slots = Slots.before(named("of ".repeat(75), "cat"), 2, text.tokenizer());
    List<Long> ids = ids(slots, 50, 51);
    assertThat(ids.subList(0, 4)).containsExactly(tokens("").ids()[0], 50L, 51L, word("of"));
    assertThat(ids.get(76)).isEqualTo(tokens("").ids()[1]);
    assertThat(slots.count()).isEqualTo(2);
    // every second place would be free, and two of three words go
    assertThat(Slots.among(named("of ".repeat(75), "cat"), 1, text.tokenizer()).count())
        .isEqualTo(38);
  }

  @Test
  void rowsOfFreeTokensStandInTheirPlacesAndComeOutOfThem() {
    Slots slots = Slots.among(named("a of a", "cat"), 2, text.tokenizer());
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
    Slots slots = Slots.before(named("a of", "cat"), 1, text.tokenizer());
    long[] the = {word("the")};
    assertThat(words(slots, "cat", "sky", the).prompt()).isEqualTo("the a of");
    assertThat(words(Slots.alone(1, text.tokenizer()), "cat", "sky", the).prompt())
        .isEqualTo("the");
  }

  private static Candidate.Words words(
      Slots slots, String concept, @Nullable String anchor, long... chosen) {
    return slots.words(chosen, concept, anchor, text.tokenizer());
  }

  /** A free token before every third one lies inside a name, or runs on into one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "art by Van Gogh | Van Gogh | an artist | the | blue</w>"
            + " | the art by van blue gogh | the art by an artist",
        "art by Van Gogh | van  gogh |  | the | pre | the art by van pregogh | the art by",
        "there is a cat | cat | sky | the | pre | the there is a precat | the there is a presky",
        "Cat and a cat | cat | $1 | the | pre | the cat and a precat | the $ 1 and a pre$ 1",
        "cats and a dog | cat | sky | cat | cat | cat cats and a cat dog | sky sky and a sky dog",
        "a photo of the airplanes | Airplane | sky | the | pre"
            + " | the a photo of prethe airplanes | the a photo of prethe sky",
      })
  void theControlOfFoundWordsNamesTheConceptNowhere(
      String prompt,
      String concept,
      @Nullable String anchor,
      String first,
      String second,
      String found,
      String alone) {
    try (ClipTokenizer clip = ClipTokenizer.builtIn()) {
      Slots slots = Slots.among(NamedTokens.of(prompt, concept, clip), 3, clip);
      long[] chosen = {token(clip, first), token(clip, second)};
      Candidate.Words words = slots.words(chosen, concept, anchor, clip);
      assertThat(words).isEqualTo(new Candidate.Words(found, alone));
    }
  }

  /** The id of a word, or of a piece of one, which what follows runs on from. */
  private static long token(ClipTokenizer clip, String token) {
    String written = token.equals("pre") || token.endsWith("</w>") ? token : token + "</w>";
    return LongStream.range(0, clip.size())
        .filter(id -> clip.token(id).equals(written))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void onlyTheConceptsOwnWordsAreItsName() {
    try (ClipTokenizer clip = ClipTokenizer.builtIn()) {
      assertThat(NamedTokens.of("Van Gogh's van, by van gogh", "Van Gogh", clip).names())
          .containsExactly(1, 1, 0, 0, 0, 0, 2, 2);
      assertThat(NamedTokens.of("cats scatter cat-like", "cat", clip).names())
          .containsExactly(1, 0, 0, 2, 0, 0);
      assertThat(NamedTokens.of("a dog", "cat", clip).names()).containsExactly(0, 0);
      Slots alone = Slots.alone(2, clip);
      long[] chosen = {token(clip, "cat"), token(clip, "pre")};
      assertThat(alone.words(chosen, "Cat", "sky", clip).alone()).isEqualTo("sky pre");
      long[] plural = {token(clip, "cats"), token(clip, "the")};
      assertThat(alone.words(plural, "Cat", "sky", clip).alone()).isEqualTo("sky the");
    }
  }

  /** As names are pasted or typed: a blank that does not break, no width, an accent by itself. */
  @ParameterizedTest
  @CsvSource({
    "by Salvador\u00a0Dal\u00ed now, Salvador Dal\u00ed",
    "by Salvador Dal\u00ed now, Salvador\u00a0Dal\u00ed\u200b",
    "by Salva\u200bdor Dali\u0301 now, Salvador Dal\u00ed",
    "by Salvador Dal\u00ed now, Salvador Dali\u0301"
  })
  void theConceptIsNamedWhereTheModelReadsItAsTheSame(String prompt, String concept) {
    try (ClipTokenizer clip = ClipTokenizer.builtIn()) {
      NamedTokens tokens = NamedTokens.of(prompt, concept, clip);
      assertThat(tokens.ids()).isEqualTo(clip.ids("by salvador dal\u00ed now"));
      assertThat(tokens.names()).startsWith(0, 1).endsWith(1, 0).doesNotContain(2);
      Slots slots = Slots.before(tokens, 1, clip);
      assertThat(slots.words(new long[] {token(clip, "the")}, concept, "art", clip).alone())
          .isEqualTo("the by art now");
    }
  }

  @Test
  void theNearestTokenIsThatOfTheLargestCosineWhateverTheLength() {
    int count = 30;
    float[] given;
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Shape shape = new Shape(count, table.width());
      given = new Noise(5).normal(scope, shape).mul(40).toFloatArray();
    }
    // what begins and ends a prompt, the last two, is never chosen
    float[] all = table.rows(LongStream.range(0, table.size() - 2).toArray());
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
    for (int token = 0; token < table.size() - 2; token++) {
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

  /**
   * Neither by p4d, whose rows lie right on them, nor by unlearndiff, whose slope calls for them.
   */
  @Test
  void whatBeginsEndsOrFillsAPromptIsNotChosen() {
    long[] special = table.special();
    assertThat(special).contains(tokens("").ids()[0], tokens("").ids()[1], tokens("").ids()[76]);
    assertThat(table.nearest(table.rows(special))).hasSameSizeAs(special);
    assertThat(special).doesNotContain(table.nearest(table.rows(special)));
    float[] u = UnlearnDiff.Variables.start(1, table);
    UnlearnDiff.Variables variables =
        new UnlearnDiff.Variables(u, table, AttackReader.builtIn("object").unlearndiff());
    float[] down = table.rows(new long[] {special[0]});
    for (int i = 0; i < down.length; i++) {
      down[i] *= -100; // down the slope lies what begins a prompt
    }
    for (int i = 0; i < 20; i++) {
      variables.step(down);
    }
    assertThat(special).contains(Simplex.largest(u, 0, u.length));
    assertThat(special).doesNotContain(variables.largest());
  }
}
