package org.realera.training;

import java.util.List;
import java.util.Map;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/**
 * The state of a run: what it saves to go on from if it is interrupted, kept until the run is
 * complete. It holds tensors by a name, each time a few with what there is to say of them.
 */
public interface Saved {
  /**
   * What stands before the name of images that are drawn one after another: {@code pictures/NAME}.
   * From the first of them on the state is worth keeping, as from the first saved step.
   */
  String IMAGES = "pictures/";

  /** How the name of images that are all there ends: they alone are not worth keeping. */
  String LATENTS = "-latents";

  /**
   * Tensors that were saved, open to be read.
   *
   * @param metadata what was said of them
   */
  record Opened(Weights tensors, Map<String, String> metadata) implements AutoCloseable {
    @Override
    public void close() {
      tensors.close();
    }
  }

  /** Whether there is something by this name; it may be damaged. */
  boolean has(String name);

  /**
   * Opens what was saved.
   *
   * @throws org.realera.RealeraException (damaged, not found) if it can't be read; says where it is
   */
  Opened open(String name);

  /**
   * Saves tensors, in place of older ones only when they are whole.
   *
   * @throws org.realera.RealeraException (failed, resources) if they can't be written
   */
  void put(String name, Map<String, String> metadata, List<TensorSource> tensors);

  /**
   * Removes what is no longer needed; nothing happens if it is not there.
   *
   * @throws org.realera.RealeraException (failed) if it can't be removed
   */
  void remove(String name);

  /** Where it is, for people. */
  String where();
}
