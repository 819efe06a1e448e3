package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.realera.RealeraException;
import org.realera.config.ConceptPair;
import org.realera.tensor.Batches;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;
import org.realera.text.TextModel;

/**
 * A concept to erase, c, with its anchor c* and the embeddings of both.
 *
 * @param pair c and c* in words
 * @param rows e, e* and what goes before, one for each prompt template
 */
public record Concept(ConceptPair pair, List<Rows> rows) {
  public Concept {
    rows = List.copyOf(rows);
  }

  /**
   * Fills the templates with each concept and its anchor and encodes them (Algorithm 1, line 1),
   * each different text once: many concepts may have the same anchor.
   *
   * @param scope owns the rows; a manager of the CPU
   * @throws RealeraException (usage) if a concept is no span of its prompt, is cut off, or has the
   *     tokens of its anchor; (damaged) if the encoder gives numbers that are not finite
   */
  public static List<Concept> embed(
      List<ConceptPair> pairs, List<String> templates, TextModel text, NDManager scope) {
    pairs.forEach(pair -> requireOther(pair, text.tokenizer()));
    Map<String, ConceptPrompt> prompts = new LinkedHashMap<>();
    for (ConceptPair pair : pairs) {
      for (String template : templates) {
        for (String words : List.of(pair.concept(), pair.anchor())) {
          ConceptPrompt prompt = ConceptPrompt.of(template, words, text.tokenizer());
          prompts.putIfAbsent(prompt.text(), prompt);
        }
      }
    }
    try (NDManager inner = scope.newSubManager()) {
      Map<String, NDArray> encoded = encode(List.copyOf(prompts.values()), text, inner);
      List<Concept> concepts = new ArrayList<>();
      for (ConceptPair pair : pairs) {
        List<Rows> rows = new ArrayList<>();
        for (String template : templates) {
          ConceptPrompt p = ConceptPrompt.of(template, pair.concept(), text.tokenizer());
          ConceptPrompt pStar = ConceptPrompt.of(template, pair.anchor(), text.tokenizer());
          rows.add(Rows.of(p, pStar, read(encoded, p), read(encoded, pStar), scope));
        }
        concepts.add(new Concept(pair, rows));
      }
      return concepts;
    }
  }

  private static NDArray read(Map<String, NDArray> encoded, ConceptPrompt prompt) {
    return Objects.requireNonNull(encoded.get(prompt.text()), prompt.text());
  }

  /** E(p) of each by its text, [77, d], owned by {@code scope}. */
  private static Map<String, NDArray> encode(
      List<ConceptPrompt> prompts, TextModel text, NDManager scope) {
    Map<String, NDArray> encoded = new HashMap<>();
    for (List<ConceptPrompt> some : Batches.parts(prompts, TextModel.AT_ONCE)) {
      NDArray rows = text.encode(some, scope);
      for (int i = 0; i < some.size(); i++) {
        encoded.put(some.get(i).text(), rows.get(i));
      }
    }
    return encoded;
  }

  /**
   * Checks that concept and anchor are not the same to the model.
   *
   * @throws RealeraException (usage) if they have the same tokens
   */
  public static void requireOther(ConceptPair pair, ClipTokenizer tokenizer) {
    if (tokenizer.ids(pair.concept()).equals(tokenizer.ids(pair.anchor()))) {
      throw RealeraException.usage(
          String.format(
              "the anchor \"%s\" has the tokens of the concept \"%s\"",
              pair.anchor(), pair.concept()),
          "Name something else as the anchor.");
    }
  }

  /**
   * The embeddings of one filled template. Arrays are fp32, owned by the scope given to {@link
   * #of}.
   *
   * @param prompt p(c)
   * @param anchorPrompt p(c*)
   * @param e rows of E(p(c)) from the concept's first token on, [L, d]
   * @param eStar e*, the row of E(p(c*)) that each of them is paired with, [L, d]
   * @param prefix rows before the concept (start token and template), [p, d]
   * @param encoded all of E(p(c)), [77, d]
   * @param encodedAnchor all of E(p(c*)), [77, d]
   */
  public record Rows(
      String prompt,
      String anchorPrompt,
      NDArray e,
      NDArray eStar,
      NDArray prefix,
      NDArray encoded,
      NDArray encodedAnchor) {

    /**
     * Cuts e, e* and the prefix out of two embeddings.
     *
     * @param p p(c)
     * @param pStar p(c*)
     * @param encoded E(p(c)), [77, d], borrowed; any device and float type
     * @param encodedAnchor E(p(c*)), [77, d], borrowed
     * @param scope owns the rows, which are fp32 copies on {@code scope}'s device
     * @throws RealeraException (damaged) if there are numbers that are not finite
     */
    public static Rows of(
        ConceptPrompt p,
        ConceptPrompt pStar,
        NDArray encoded,
        NDArray encodedAnchor,
        NDManager scope) {
      NDArray own = finite(p.text(), copy(encoded, scope));
      NDArray anchors = finite(pStar.text(), copy(encodedAnchor, scope));
      int start = p.span().start();
      int[] partners =
          TokenPairing.anchorRows(p.span(), pStar.span(), ClipTokenizer.SEQUENCE_LENGTH);
      try (NDArray index = scope.create(partners)) {
        return new Rows(
            p.text(),
            pStar.text(),
            own.get(new NDIndex("{}:{}", start, start + partners.length)),
            anchors.get(index),
            own.get(new NDIndex(":{}", start)),
            own,
            anchors);
      }
    }

    private static NDArray copy(NDArray array, NDManager scope) {
      NDArray moved = array.toDevice(scope.getDevice(), false).toType(DataType.FLOAT32, true);
      moved.attach(scope);
      return moved;
    }

    private static NDArray finite(String prompt, NDArray rows) {
      try (NDArray sum = rows.sum()) {
        if (!Float.isFinite(sum.getFloat())) {
          throw RealeraException.damaged(
              "the text encoder gives numbers that are not finite for \"" + prompt + "\"",
              "Check the checkpoint's text encoder, or use --dtype fp32.");
        }
      }
      return rows;
    }

    /** L, rows that take part. */
    public long length() {
      return e.getShape().get(0);
    }

    /** d, width of a row. */
    public long width() {
      return e.getShape().get(1);
    }

    /**
     * The prompt's whole embedding with other rows in place of e: what the U-Net is given for a
     * neighbor or a beyond-concept point.
     *
     * @param rows [L, d] fp32, borrowed
     * @return [77, d] fp32, owned by {@code scope}
     */
    public NDArray embed(NDArray rows, NDManager scope) {
      long end = prefix.getShape().get(0) + length();
      try (NDManager inner = scope.newSubManager()) {
        NDArray rest = encoded.get(inner, new NDIndex("{}:", end));
        NDList parts = new NDList(prefix, rows);
        if (rest.getShape().get(0) > 0) {
          parts.add(rest); // the anchor's tail is shorter: what has no partner stays
        }
        NDArray whole = NDArrays.concat(parts, 0);
        whole.attach(scope);
        return whole;
      }
    }
  }
}
