package org.realera.text;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.IntConsumer;
import org.realera.checkpoint.Checkpoint;
import org.realera.safetensors.Weights;
import org.realera.tensor.Batches;
import org.realera.tensor.Compute;
import org.realera.tensor.Precision;
import org.realera.tensor.Resources;

/**
 * From prompts to embeddings: a model's tokenizer with its text encoder. Embeddings are fp32,
 * whatever the U-Net computes in. Owned by whoever loaded it; close it.
 */
public final class TextModel implements AutoCloseable {
  /** Prompts that go through the encoder at once. */
  public static final int AT_ONCE = 16;

  private static final String TOKEN_ROWS = "text_model.embeddings.token_embedding.weight";

  private final Resources resources;
  private final ClipTokenizer tokenizer;
  private final Weights weights;
  private final ClipTextEncoder encoder;

  private TextModel(Checkpoint model, Compute compute, Resources resources) {
    Compute fp32 = new Compute(compute.device(), Precision.FP32);
    this.resources = resources;
    this.tokenizer =
        resources.own(
            ClipTokenizer.load(model.tokenizer(), model.textConfig()), ClipTokenizer::close);
    this.weights = resources.own(model.openTextEncoder(), Weights::close);
    this.encoder =
        resources.own(
            ClipTextEncoder.load(weights, model.textConfig(), fp32), ClipTextEncoder::close);
  }

  /**
   * Loads both.
   *
   * @param compute says on which device to encode
   */
  public static TextModel load(Checkpoint model, Compute compute) {
    return Resources.load(resources -> new TextModel(model, compute, resources));
  }

  public ClipTokenizer tokenizer() {
    return tokenizer;
  }

  /** The text encoder's weights. */
  public Weights weights() {
    return weights;
  }

  /**
   * Encodes prompts in one batch.
   *
   * @param scope owns the result; a manager of the CPU
   * @return E(p), [n, 77, d] fp32 on the CPU
   * @throws org.realera.RealeraException (damaged) if numbers are not finite; names the prompt
   */
  public NDArray encode(List<ConceptPrompt> prompts, NDManager scope) {
    return encodeTokens(prompts.stream().map(ConceptPrompt::tokens).toList(), scope);
  }

  /** The same of any texts, the empty prompt among them; what does not fit is cut off. */
  public NDArray encodeTexts(List<String> texts, NDManager scope) {
    return encodeTokens(texts.stream().map(tokenizer::tokenize).toList(), scope);
  }

  /** The same of any texts in tokens. */
  public NDArray encodeTokens(List<Tokens> prompts, NDManager scope) {
    long[][] ids = prompts.stream().map(Tokens::ids).toArray(long[][]::new);
    NDArray encoded = encoder.encode(scope, ids);
    encoder.requireFinite(encoded, prompts.stream().map(Tokens::text).toList());
    return onCpu(encoded, scope);
  }

  /**
   * Encodes prompts whose tokens need be none of the vocabulary.
   *
   * @param rows what stands in place of the tokens' own rows, before their positions are added, [n,
   *     77, d] fp32 on the CPU
   * @return E, [n, 77, d] fp32 on the CPU, owned by {@code scope}
   */
  public NDArray encodeRows(NDArray rows, NDManager scope) {
    return onCpu(encoder.encodeRows(scope, rows), scope);
  }

  /**
   * The gradient at the tokens' rows of anything whose gradient at E is known.
   *
   * @param rows as {@link #encodeRows} takes them
   * @param gradient at E of these rows, [n, 77, d] fp32 on the CPU
   * @return [n, 77, d] fp32 on the CPU, owned by {@code scope}
   */
  public NDArray pullBack(NDArray rows, NDArray gradient, NDManager scope) {
    return onCpu(encoder.pullBack(scope, rows, gradient), scope);
  }

  /**
   * The rows of all tokens by their ids.
   *
   * @return [V, d] fp32 on the CPU, owned by {@code scope}, valid while this is open
   */
  public NDArray tokenRows(NDManager scope) {
    NDArray rows = weights.read(TOKEN_ROWS, scope).toType(DataType.FLOAT32, false);
    rows.attach(scope);
    return rows;
  }

  private static NDArray onCpu(NDArray array, NDManager scope) {
    NDArray moved = array.toDevice(Device.cpu(), false);
    moved.attach(scope);
    return moved;
  }

  /**
   * Encodes any number of prompts, a few at a time.
   *
   * @param scope owns the result; a manager of the CPU
   * @param progress is told after each batch how many are done
   * @return E(p), [n, 77, d] fp32 on the CPU
   */
  public NDArray encode(List<ConceptPrompt> prompts, NDManager scope, IntConsumer progress) {
    float[] all = {};
    int at = 0;
    int done = 0;
    for (List<ConceptPrompt> part : Batches.parts(prompts, AT_ONCE)) {
      try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
        float[] some = encode(part, inner).toFloatArray();
        if (at == 0) {
          all = new float[Math.multiplyExact(some.length / part.size(), prompts.size())];
        }
        System.arraycopy(some, 0, all, at, some.length);
        at += some.length;
      }
      done += part.size();
      progress.accept(done);
    }
    long rows = ClipTokenizer.SEQUENCE_LENGTH;
    long width = all.length / Math.max(1, prompts.size() * rows);
    return scope.create(all, new Shape(prompts.size(), rows, width));
  }

  @Override
  public void close() {
    resources.close();
  }
}
