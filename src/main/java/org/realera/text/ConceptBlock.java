package org.realera.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.realera.RealeraException;

/**
 * The embeddings of one prompt pair, cut as the method needs them. All fp32 on the CPU, owned by
 * the scope that {@link PromptPair#block} was given.
 *
 * @param prompt p(c)
 * @param e rows from the concept's first token on, [L, d]
 * @param anchor e*, the row of p(c*) that each of them is paired with, [L, d]
 * @param prefix rows before the concept (start token and template), [p, d]
 * @param encoded all of E(p(c)), [77, d]
 * @param anchorEncoded all of E(p(c*)), [77, d]
 */
public record ConceptBlock(
    String prompt,
    NDArray e,
    NDArray anchor,
    NDArray prefix,
    NDArray encoded,
    NDArray anchorEncoded) {

  static ConceptBlock of(
      String prompt, List<RowPair> rows, NDArray encoded, NDArray anchorEncoded, NDManager scope) {
    NDArray own = finite(prompt, copy(encoded, scope));
    NDArray ownAnchor = finite(prompt, copy(anchorEncoded, scope));
    int start = rows.get(0).conceptRow();
    NDArray e = own.get(new NDIndex("{}:{}", start, start + rows.size()));
    NDArray prefix = own.get(new NDIndex(":{}", start));
    int[] partners = rows.stream().mapToInt(RowPair::anchorRow).toArray();
    NDArray anchor;
    try (NDArray index = scope.create(partners)) {
      anchor = ownAnchor.get(index);
    }
    return new ConceptBlock(prompt, e, anchor, prefix, own, ownAnchor);
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
            "check the checkpoint's text encoder, or use --dtype fp32");
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
