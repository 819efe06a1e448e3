package ai.djl.pytorch.jni;

import ai.djl.pytorch.engine.PtSymbolBlock;
import java.util.List;

/**
 * Runs a module's method outside libtorch's inference mode.
 *
 * <p>{@link IValueUtils#runMethod} always enters inference mode, and a tensor made there can never
 * be saved for a backward pass. The native call without it is package-private in DJL: hence this
 * class, and nothing else, stands in DJL's package.
 */
public final class ModuleMethods {
  private ModuleMethods() {}

  /** Calls a method; the result belongs to the caller, the arguments stay the caller's. */
  public static IValue run(PtSymbolBlock module, String method, List<IValue> arguments) {
    long[] handles = arguments.stream().mapToLong(IValue::getHandle).toArray();
    boolean track = true;
    boolean ownCudaStream = false;
    return new IValue(
        PyTorchLibrary.LIB.moduleRunMethod(
            module.getHandle(), method, handles, track, ownCudaStream));
  }
}
