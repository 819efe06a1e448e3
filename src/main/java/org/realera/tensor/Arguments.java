package org.realera.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of one TorchScript call; owns their handles, not the tensors behind them. */
final class Arguments implements AutoCloseable {
  private final List<IValue> values = new ArrayList<>();
  private final List<IValue> owned = new ArrayList<>();

  /**
   * @param arguments each an NDArray, a list of them, a map from string to them, an int or long, a
   *     double, a boolean, a string, a long[], or a {@link TorchScript.Held}
   */
  Arguments(Object... arguments) {
    try {
      for (Object argument : arguments) {
        if (argument instanceof TorchScript.Held held) {
          values.add(held.value());
        } else {
          IValue value = wrap(argument);
          owned.add(value);
          values.add(value);
        }
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** All handles, in order, valid until this is closed. */
  List<IValue> values() {
    return values;
  }

  private static IValue wrap(Object argument) {
    if (argument instanceof NDArray array) {
      return IValue.from((PtNDArray) array);
    } else if (argument instanceof List<?> list) {
      return IValue.listFrom(list.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
    } else if (argument instanceof Map<?, ?> map) {
      Map<String, PtNDArray> tensors = new LinkedHashMap<>();
      map.forEach((name, tensor) -> tensors.put((String) name, (PtNDArray) tensor));
      return IValue.stringMapFrom(tensors);
    } else if (argument instanceof Integer number) {
      return IValue.from(number.longValue());
    } else if (argument instanceof Long number) {
      return IValue.from(number);
    } else if (argument instanceof Double number) {
      return IValue.from(number);
    } else if (argument instanceof Boolean flag) {
      return IValue.from(flag);
    } else if (argument instanceof String text) {
      return IValue.from(text);
    } else if (argument instanceof long[] numbers) {
      return IValue.listFrom(numbers);
    }
    throw new IllegalArgumentException("TorchScript takes no " + argument.getClass().getName());
  }

  @Override
  public void close() {
    owned.forEach(IValue::close);
  }
}
