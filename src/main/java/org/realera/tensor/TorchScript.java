package org.realera.tensor;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.ModuleMethods;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.realera.RealeraException;

/**
 * A TorchScript module made from a readable source under {@code
 * src/main/resources/org/realera/torchscript}.
 *
 * <p>Arguments of a call are NDArray, {@code List<NDArray>}, {@code Map<String, NDArray>}, int or
 * long, double, boolean, String, {@code long[]} or {@link Held}; each matches the type that the
 * source declares. Results belong to the scope given with the call. Calls never run in inference
 * mode, so that results may enter a later backward pass; whether a graph is recorded is the
 * source's own business.
 *
 * <p>Every call throws {@link RealeraException} (resources) when memory runs out and {@link
 * IllegalStateException}, with the one line of libtorch's message that matters, when the source
 * fails. May be called from any thread, by one at a time.
 */
public final class TorchScript implements AutoCloseable {
  private static final Map<String, TorchScript> SHARED = new ConcurrentHashMap<>();
  private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

  private final String name;
  private final NDManager manager;
  private final PtSymbolBlock module;

  private TorchScript(String name, NDManager manager, PtSymbolBlock module) {
    this.name = name;
    this.manager = manager;
    this.module = module;
  }

  /**
   * Compiles {@code name.py}; a few milliseconds once the engine runs.
   *
   * @throws IllegalStateException if it does not compile
   */
  public static TorchScript load(String name) {
    return load(name, "unpacked");
  }

  /**
   * The module without weights that everybody who needs {@code name.py} has together: compiled at
   * the first call, from whatever thread, and never closed.
   *
   * @throws IllegalStateException if it does not compile
   */
  public static TorchScript shared(String name) {
    return SHARED.computeIfAbsent(name, TorchScript::load);
  }

  /** As {@link #load}, with the functions of {@code packed.py}; see {@link PackedWeights}. */
  static TorchScript loadPacking(String name) {
    return load(name, "packed");
  }

  private static TorchScript load(String name, String packed) {
    Engine.init();
    NDManager manager = NDManager.newBaseManager(Device.cpu());
    try {
      PtSymbolBlock module =
          JniUtils.loadModule(
              (PtNDManager) manager,
              new ByteArrayInputStream(ScriptArchive.of(name, packed)),
              true,
              false);
      return new TorchScript(name + ".py", manager, module);
    } catch (EngineException e) {
      manager.close();
      throw EngineErrors.translate(name + ".py", e);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads an archive that {@code torch.jit.save} wrote. It is a program, and what it does is done
   * in this process: the caller has found its digest to be that of one it knows.
   *
   * @param name for messages
   * @param device where its weights go
   * @throws RealeraException (damaged) if it is no such archive
   */
  public static TorchScript known(String name, byte[] archive, Device device) {
    Engine.init();
    NDManager manager = NDManager.newBaseManager(device);
    try {
      PtSymbolBlock module =
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), true, false);
      return new TorchScript(name, manager, module);
    } catch (EngineException e) {
      manager.close();
      if (OutOfMemory.isSaid(e.getMessage())) {
        throw EngineErrors.translate(name, e);
      }
      throw new RealeraException(
          RealeraException.Kind.DAMAGED,
          name
              + " is no TorchScript archive: "
              + EngineErrors.lastLine(String.valueOf(e.getMessage())),
          "Give a file that torch.jit.save wrote; a plain state dict does not do.",
          e);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    }
  }

  /** Calls a method that returns a tensor. */
  public NDArray tensor(NDManager scope, String method, Object... arguments) {
    return call(method, value -> value.toTensor((PtNDManager) scope), arguments);
  }

  /** Calls a method that returns a list of tensors. */
  public List<NDArray> tensors(NDManager scope, String method, Object... arguments) {
    return call(
        method,
        value -> Arrays.<NDArray>asList(value.toTensorArray((PtNDManager) scope)),
        arguments);
  }

  /** Calls a method that returns a {@code Dict[str, Tensor]}; the map is ordered by name. */
  public Map<String, NDArray> tensorMap(NDManager scope, String method, Object... arguments) {
    return call(method, value -> toMap(value, (PtNDManager) scope), arguments);
  }

  /** Calls a method that returns a {@code float}. */
  public double number(String method, Object... arguments) {
    return call(method, IValue::toDouble, arguments);
  }

  /** Calls a method that returns an {@code int}. */
  public long integer(String method, Object... arguments) {
    return call(method, IValue::toLong, arguments);
  }

  /** Calls a method that returns a {@code bool}. */
  boolean truth(String method, Object... arguments) {
    return call(method, IValue::toBoolean, arguments);
  }

  /** Calls a method for what it does to the module. */
  public void run(String method, Object... arguments) {
    call(method, value -> true, arguments);
  }

  /** Calls a method whose result only TorchScript understands. */
  Held held(String method, Object... arguments) {
    return new Held(invoke(method, arguments));
  }

  /**
   * A value that stays on the other side, such as a random number generator, to be passed back in.
   */
  record Held(IValue value) implements AutoCloseable {
    @Override
    public void close() {
      value.close();
    }
  }

  private <T> T call(String method, Function<IValue, T> reader, Object... arguments) {
    try (IValue result = invoke(method, arguments)) {
      return reader.apply(result);
    }
  }

  private IValue invoke(String method, Object... arguments) {
    if (!PREPARED.get()) {
      // Thread-local in libtorch, on by default: it would profile and recompile for every shape.
      JniUtils.setGraphExecutorOptimize(false);
      PREPARED.set(true);
    }
    try (Arguments values = new Arguments(arguments)) {
      return ModuleMethods.run(module, method, values.values());
    } catch (EngineException e) {
      throw EngineErrors.translate(name + ", " + method, e);
    }
  }

  private static Map<String, NDArray> toMap(IValue value, PtNDManager scope) {
    Map<String, NDArray> tensors = new TreeMap<>();
    value
        .toIValueMap()
        .forEach(
            (name, element) -> {
              try (element) {
                tensors.put(name, element.toTensor(scope));
              }
            });
    return tensors;
  }

  /** Frees the module and with it every weight that it holds. */
  @Override
  public void close() {
    module.close();
    manager.close();
  }
}
