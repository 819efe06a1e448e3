package org.realera.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.realera.text.ClipTokenizer;
import org.realera.text.WholeWords;

/**
 * A prompt's tokens with free ones among them: start token, words and free places, end token,
 * padding. Words that do not fit any more are cut off.
 */
final class Slots {
  /** Stands in the place of an id where a token is free. */
  private static final long FREE = -1;

  private static final int ROOM = ClipTokenizer.SEQUENCE_LENGTH - 2;

  private final long[] ids;
  private final int end;
  private final List<Integer> free;

  /** Of each place which mention of the concept it is part of, free ones inside included; or 0. */
  private final int[] names;

  /** All tokens' rows with any in the free places; of the first table asked for. */
  private float @Nullable [] fixed;

  private Slots(List<Long> words, List<Integer> named, ClipTokenizer tokenizer) {
    long[] empty = tokenizer.tokenize("").ids();
    this.ids = empty.clone();
    this.end = 1 + Math.min(words.size(), ROOM);
    this.free = new ArrayList<>();
    this.names = new int[ids.length];
    Arrays.fill(ids, 1, ids.length, empty[ids.length - 1]); // padding
    ids[end] = empty[1];
    for (int i = 1; i < end; i++) {
      ids[i] = words.get(i - 1);
      names[i] = named.get(i - 1);
      if (ids[i] == FREE) {
        free.add(i);
      }
    }
  }

  /** k free tokens before a prompt. */
  static Slots before(NamedTokens prompt, int k, ClipTokenizer tokenizer) {
    List<Long> tokens = new ArrayList<>(Collections.nCopies(k, FREE));
    List<Integer> names = new ArrayList<>(Collections.nCopies(k, 0));
    tokens.addAll(prompt.ids());
    names.addAll(prompt.names());
    return new Slots(tokens, names, tokenizer);
  }

  /** k free tokens and no others. */
  static Slots alone(int k, ClipTokenizer tokenizer) {
    return new Slots(Collections.nCopies(k, FREE), Collections.nCopies(k, 0), tokenizer);
  }

  /**
   * One free token before every so many of a prompt's; where the last of these are all, one more.
   */
  static Slots among(NamedTokens prompt, int every, ClipTokenizer tokenizer) {
    List<Long> words = prompt.ids();
    List<Long> tokens = new ArrayList<>();
    List<Integer> names = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      int name = prompt.names().get(i);
      if (i % every == 0) {
        tokens.add(FREE);
        names.add(i > 0 && prompt.names().get(i - 1) == name ? name : 0);
      }
      tokens.add(words.get(i));
      names.add(name);
    }
    if (words.size() % every == 0) {
      tokens.add(FREE);
      names.add(0);
    }
    return new Slots(tokens, names, tokenizer);
  }

  /** One free token in a template's slot. */
  static Slots in(String template, String slot, ClipTokenizer tokenizer) {
    int at = template.indexOf(slot);
    List<Long> tokens = new ArrayList<>(tokenizer.ids(template.substring(0, at)));
    tokens.add(FREE);
    tokens.addAll(tokenizer.ids(template.substring(at + slot.length())));
    return new Slots(tokens, Collections.nCopies(tokens.size(), 0), tokenizer);
  }

  /** How many are free. */
  int count() {
    return free.size();
  }

  /** All ids with these in the free places, [77]. */
  long[] ids(long[] chosen) {
    long[] filled = ids.clone();
    for (int i = 0; i < chosen.length; i++) {
      filled[free.get(i)] = chosen[i];
    }
    return filled;
  }

  /**
   * The prompt in words with these in the free places; and the same with the anchor's tokens in the
   * place of each mention of the concept and of what is free inside it. Where the chosen tokens are
   * words for the concept themselves, the anchor stands in their place, too.
   *
   * @param anchor null for nothing
   */
  Candidate.Words words(
      long[] chosen, String concept, @Nullable String anchor, ClipTokenizer tokenizer) {
    String instead = anchor == null ? "" : anchor;
    long[] filled = ids(chosen);
    List<Long> all = new ArrayList<>();
    List<Long> alone = new ArrayList<>();
    for (int i = 1; i < end; i++) {
      all.add(filled[i]);
      if (names[i] == 0) {
        alone.add(filled[i]);
      } else if (names[i] != names[i - 1]) {
        alone.addAll(tokenizer.ids(instead));
      }
    }
    String unnamed =
        WholeWords.anyOrPlural(List.of(concept))
            .in(tokenizer.text(alone))
            .replaceAll(Matcher.quoteReplacement(instead))
            .strip();
    return new Candidate.Words(tokenizer.text(all), unnamed);
  }

  /**
   * All tokens' rows with these in the free places.
   *
   * @param table always the same
   * @param rows of the free ones, [n d] row by row
   * @return [77 d] row by row
   */
  float[] rows(TokenTable table, float[] rows) {
    int d = table.width();
    float[] whole = fixed;
    if (whole == null) {
      whole = table.rows(ids(new long[free.size()]));
      fixed = whole;
    }
    float[] all = whole.clone();
    for (int i = 0; i < free.size(); i++) {
      System.arraycopy(rows, i * d, all, free.get(i) * d, d);
    }
    return all;
  }

  /**
   * What stands in the free places.
   *
   * @param all [77 d] row by row
   * @return [n d] row by row
   */
  float[] free(float[] all) {
    int d = all.length / ids.length;
    float[] chosen = new float[free.size() * d];
    for (int i = 0; i < free.size(); i++) {
      System.arraycopy(all, free.get(i) * d, chosen, i * d, d);
    }
    return chosen;
  }
}
