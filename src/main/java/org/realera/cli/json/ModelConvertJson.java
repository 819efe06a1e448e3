package org.realera.cli.json;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.convert.ConvertRequest;
import org.realera.convert.ConvertResult;

/**
 * {@code realera model convert}.
 *
 * @param model as the user named it
 * @param base the same; null where none was needed
 * @param to the form
 * @param out the folder or file
 * @param changeMissed what the factors miss of the whole change; null if nothing was factored, and
 *     so is {@code layers}
 */
public record ModelConvertJson(
    String model,
    @Nullable String base,
    String to,
    String out,
    long bytes,
    int tensors,
    @Nullable Double changeMissed,
    @Nullable List<Layer> layers,
    List<String> notes) {

  /**
   * A factored layer.
   *
   * @param exactRank the rank from which on nothing is cut off
   * @param error what the factors miss of the change
   * @param weightError the same, as a share of the weight
   */
  public record Layer(String module, int rank, int exactRank, double error, double weightError) {
    private static Layer of(ConvertResult.Layer layer) {
      return new Layer(
          layer.module(), layer.rank(), layer.exactRank(), layer.error(), layer.weightError());
    }
  }

  /** What was written. */
  public static ModelConvertJson of(ConvertRequest request, ConvertResult result) {
    boolean factored = !result.layers().isEmpty();
    return new ModelConvertJson(
        request.model().name(),
        request.base().map(base -> base.name()).orElse(null),
        request.to().key(),
        result.out().toString(),
        result.bytes(),
        result.tensors(),
        factored ? result.missed() : null,
        factored ? result.layers().stream().map(Layer::of).toList() : null,
        result.notes());
  }
}
