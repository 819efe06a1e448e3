package org.realera.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.text.ClipTokenizer;
import org.realera.text.TextModel;
import org.realera.text.Tokens;

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

  /** All tokens' rows with any in the free places; of the first table asked for. */
  private float @Nullable [] fixed;

  private Slots(List<Long> words, ClipTokenizer tokenizer) {
    long[] empty = tokenizer.tokenize("").ids();
    this.ids = empty.clone();
    this.end = 1 + Math.min(words.size(), ROOM);
    this.free = new ArrayList<>();
    Arrays.fill(ids, 1, ids.length, empty[ids.length - 1]); // padding
    ids[end] = empty[1];
    for (int i = 1; i < end; i++) {
      ids[i] = words.get(i - 1);
      if (ids[i] == FREE) {
        free.add(i);
      }
    }
  }

  /** k free tokens before a prompt. */
  static Slots before(Tokens prompt, int k, TextModel text) {
    List<Long> tokens = new ArrayList<>(Collections.nCopies(k, FREE));
    tokens.addAll(words(prompt));
    return new Slots(tokens, text.tokenizer());
  }

  /** k free tokens and no others. */
  static Slots alone(int k, TextModel text) {
    return new Slots(Collections.nCopies(k, FREE), text.tokenizer());
  }

  /**
   * One free token before every so many of a prompt's; where the last of these are all, one more.
   */
  static Slots among(Tokens prompt, int every, TextModel text) {
    List<Long> words = words(prompt);
    List<Long> tokens = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      if (i % every == 0) {
        tokens.add(FREE);
      }
      tokens.add(words.get(i));
    }
    if (words.size() % every == 0) {
      tokens.add(FREE);
    }
    return new Slots(tokens, text.tokenizer());
  }

  /** One free token in a template's slot. */
  static Slots in(String template, String slot, TextModel text) {
    ClipTokenizer tokenizer = text.tokenizer();
    int at = template.indexOf(slot);
    List<Long> tokens = new ArrayList<>(tokenizer.ids(template.substring(0, at)));
    tokens.add(FREE);
    tokens.addAll(tokenizer.ids(template.substring(at + slot.length())));
    return new Slots(tokens, text.tokenizer());
  }

  private static List<Long> words(Tokens prompt) {
    List<Long> words = new ArrayList<>();
    for (int i = 1; i < prompt.length() - 1; i++) {
      words.add(prompt.ids()[i]);
    }
    return words;
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

  /** The prompt in words with these in the free places. */
  String text(long[] chosen, ClipTokenizer tokenizer) {
    long[] filled = ids(chosen);
    List<Long> words = new ArrayList<>();
    for (int i = 1; i < end; i++) {
      words.add(filled[i]);
    }
    return tokenizer.text(words);
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
