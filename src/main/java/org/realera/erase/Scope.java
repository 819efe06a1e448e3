package org.realera.erase;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.concept.Concept;
import org.realera.concept.ConceptDistance;
import org.realera.concept.ConceptDistance.Zone;
import org.realera.concept.NamedNeighbors;
import org.realera.concept.NearbyWords;
import org.realera.config.EraseRecipe;
import org.realera.config.MiningSettings;
import org.realera.config.Template;
import org.realera.tensor.Batches;
import org.realera.tensor.Compute;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;
import org.realera.text.Spelling;
import org.realera.text.TextModel;
import org.realera.text.Vocabulary;

/**
 * What lies within a concept's erasing range, on its edge and outside, before anything is erased:
 * texts by their distance to the concept in the text encoder's space, against D1 and D2, and which
 * of them the recipe takes along by name.
 */
public final class Scope {

  /**
   * Which words of a vocabulary are tried; encoding all of a large one takes too long.
   *
   * @param whole a vocabulary of up to so many words is tried as a whole; of a larger one
   * @param nearest so many words whose input embeddings lie nearest to each concept's
   * @param spread and so many spread evenly over its frequent words
   */
  record Tried(int whole, int nearest, int spread) {}

  private static final Tried TRIED = new Tried(1_500, 256, 744);

  /** Where a text comes from. */
  public enum Source {
    VOCABULARY,
    SUITES,
    LIST,
    PROMPT,
    ANCHOR;

    /** As tables and JSON write it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A text and how far it lies from the concept. */
  public record Near(String text, Source source, ConceptDistance distance, Zone zone) {}

  /**
   * One concept's range.
   *
   * @param prompt the concept's prompt
   * @param mining the recipe's D1, S2 and how many words it names
   * @param texts all that were measured, nearest first
   * @param vocabulary words of the model's vocabulary, of which some or all were measured
   */
  public record Range(
      String concept,
      String prompt,
      MiningSettings mining,
      double d2,
      List<Near> texts,
      int vocabulary) {
    public Range {
      texts = List.copyOf(texts);
    }

    /** How many words mining names at most; 0 if the recipe names none. */
    public int words() {
      return mining.enabled() ? mining.words() : 0;
    }

    /** The zones that texts can lie in. */
    public List<Zone> zones() {
      return Stream.of(Zone.values()).filter(z -> z != Zone.NAMED || words() > 0).toList();
    }

    /** How many texts of a source lie in a zone. */
    public long count(Source source, Zone zone) {
      return texts.stream().filter(t -> t.source() == source && t.zone() == zone).count();
    }
  }

  private record Item(ConceptPrompt prompt, Source source, boolean bare) {}

  /** A concept in both forms that texts are compared in: in the template, and by itself. */
  @SuppressWarnings("ArrayRecordComponent") // lives for one call only
  private record Center(
      ConceptPrompt inTemplate, ConceptPrompt bare, float[] filled, float[] alone) {
    ConceptDistance to(Item item, float[] other, int width) {
      ConceptPrompt own = item.bare() ? bare : inTemplate;
      return ConceptDistance.of(
          item.bare() ? alone : filled, own.span(), other, item.prompt().span(), width);
    }
  }

  private final EraseRecipe recipe;
  private final TextModel text;
  private final ClipTokenizer tokenizer;
  private final NearbyWords nearby;
  private final Tried tried;

  private Scope(EraseRecipe recipe, TextModel text, Tried tried) {
    this.recipe = recipe;
    this.tried = tried;
    this.text = text;
    this.tokenizer = text.tokenizer();
    this.nearby = new NearbyWords(text);
  }

  /**
   * Measures texts against concepts.
   *
   * @param recipe gives the template (its first), D1, D2 and which words have a name
   * @param texts beside the vocabulary; words go into the template, those of {@link Source#PROMPT}
   *     stand by themselves. Words of the suites that the model was never taught are left out
   * @param progress is told how many of how many texts are encoded, in percent
   * @return a range for each concept, in order
   * @throws RealeraException (usage) if a concept or one of the user's texts can't be a prompt
   */
  public static List<Range> measure(
      Checkpoint model,
      EraseRecipe recipe,
      List<String> concepts,
      Map<Source, List<String>> texts,
      Compute compute,
      IntConsumer progress) {
    try (TextModel text = TextModel.load(model, compute)) {
      return measure(text, recipe, concepts, texts, TRIED, progress);
    }
  }

  /** The same with other words of the vocabulary. */
  static List<Range> measure(
      TextModel text,
      EraseRecipe recipe,
      List<String> concepts,
      Map<Source, List<String>> texts,
      Tried tried,
      IntConsumer progress) {
    return new Scope(recipe, text, tried).measure(concepts, texts, progress);
  }

  private List<Range> measure(
      List<String> concepts, Map<Source, List<String>> texts, IntConsumer progress) {
    concepts.forEach(concept -> Spelling.requireKnown(concept, tokenizer));
    List<Center> centers = concepts.stream().map(this::center).toList();
    List<Item> items = items(concepts, texts);
    Map<String, List<String>> named = named(concepts, texts);
    List<List<Near>> found = new ArrayList<>();
    centers.forEach(center -> found.add(new ArrayList<>()));
    double d1 = recipe.mining().d1();
    double d2 = recipe.beyond().d2();
    int done = 0;
    for (List<Item> some : Batches.parts(items, TextModel.AT_ONCE)) {
      List<float[]> encoded = encode(some.stream().map(Item::prompt).toList());
      for (int i = 0; i < some.size(); i++) {
        for (int c = 0; c < centers.size(); c++) {
          Item item = some.get(i);
          if (!isItself(item, concepts.get(c))) {
            ConceptDistance distance = centers.get(c).to(item, encoded.get(i), width(encoded));
            String text = item.prompt().concept();
            boolean isNamed =
                !item.bare() && isAmong(text, named.getOrDefault(concepts.get(c), List.of()));
            Zone zone = isNamed ? Zone.NAMED : distance.zone(d1, d2);
            found.get(c).add(new Near(text, item.source(), distance, zone));
          }
        }
      }
      done += some.size();
      progress.accept(100 * done / items.size());
    }
    List<Range> ranges = new ArrayList<>();
    for (int c = 0; c < concepts.size(); c++) {
      List<Near> sorted =
          found.get(c).stream()
              .sorted(
                  Comparator.comparingDouble((Near near) -> near.distance().radius())
                      .thenComparing(Near::text))
              .toList();
      ranges.add(
          new Range(
              concepts.get(c),
              centers.get(c).inTemplate().text(),
              recipe.mining(),
              d2,
              sorted,
              Vocabulary.words(tokenizer).size()));
    }
    return List.copyOf(ranges);
  }

  /**
   * The words that an erasure of these concepts together would take along by name. Without an
   * anchor each concept stands for its own: that decides only how many padding rows are compared.
   */
  private Map<String, List<String>> named(List<String> concepts, Map<Source, List<String>> texts) {
    String template = recipe.templates().get(0);
    List<String> anchors = texts.getOrDefault(Source.ANCHOR, List.of());
    List<String> others = new ArrayList<>(concepts);
    others.addAll(anchors);
    others.addAll(recipe.preserve());
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Map<String, Concept.Rows> rows = new LinkedHashMap<>();
      for (String concept : concepts) {
        String anchor = anchors.isEmpty() ? concept : anchors.get(0);
        ConceptPrompt p = ConceptPrompt.of(template, concept, tokenizer);
        ConceptPrompt pStar = ConceptPrompt.of(template, anchor, tokenizer);
        NDArray encoded = text.encode(List.of(p, pStar), scope);
        rows.put(concept, Concept.Rows.of(p, pStar, encoded.get(0), encoded.get(1), scope));
      }
      return NamedNeighbors.words(rows, others, recipe, text, held -> {});
    }
  }

  private static boolean isAmong(String text, List<String> words) {
    return words.contains(text.toLowerCase(Locale.ROOT));
  }

  private boolean isItself(Item item, String concept) {
    return tokenizer.ids(item.prompt().concept()).equals(tokenizer.ids(concept));
  }

  private Center center(String concept) {
    ConceptPrompt filled = ConceptPrompt.of(recipe.templates().get(0), concept, tokenizer);
    ConceptPrompt bare = ConceptPrompt.of(Template.SLOT, concept, tokenizer);
    List<float[]> encoded = encode(List.of(filled, bare));
    return new Center(filled, bare, encoded.get(0), encoded.get(1));
  }

  private List<Item> items(List<String> concepts, Map<Source, List<String>> texts) {
    Map<Source, List<String>> all = new LinkedHashMap<>(texts);
    Set<String> own = new LinkedHashSet<>();
    texts.forEach((source, list) -> list.forEach(text -> own.add(text.toLowerCase(Locale.ROOT))));
    all.put(
        Source.VOCABULARY,
        vocabulary(concepts).stream().filter(word -> !own.contains(word)).toList());
    List<Item> items = new ArrayList<>();
    all.forEach(
        (source, list) -> {
          String template = source == Source.PROMPT ? Template.SLOT : recipe.templates().get(0);
          for (String text : new LinkedHashSet<>(list)) {
            if (source != Source.SUITES || Spelling.isKnown(text, tokenizer)) {
              ConceptPrompt prompt = ConceptPrompt.of(template, text, tokenizer);
              items.add(new Item(prompt, source, source == Source.PROMPT));
            }
          }
        });
    return items;
  }

  /** The words that are tried: all, or the likely ones and a sample of the rest. */
  private Set<String> vocabulary(List<String> concepts) {
    List<String> words = Vocabulary.words(tokenizer);
    if (words.size() <= tried.whole()) {
      return new LinkedHashSet<>(words);
    }
    Set<String> some = new LinkedHashSet<>();
    concepts.forEach(concept -> some.addAll(nearby.nearestInputs(concept, tried.nearest())));
    int frequent = Vocabulary.frequent(tokenizer).size();
    for (int i = 0; i < tried.spread(); i++) {
      some.add(words.get((int) ((long) i * frequent / tried.spread())));
    }
    return some;
  }

  /** The embeddings of prompts, [77, d] each, row after row. */
  private List<float[]> encode(List<ConceptPrompt> prompts) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      float[] all = text.encode(prompts, scope).toFloatArray();
      int each = all.length / prompts.size();
      List<float[]> rows = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        rows.add(Arrays.copyOfRange(all, i * each, (i + 1) * each));
      }
      return rows;
    }
  }

  private static int width(List<float[]> encoded) {
    return encoded.get(0).length / ClipTokenizer.SEQUENCE_LENGTH;
  }
}
