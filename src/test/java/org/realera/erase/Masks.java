package org.realera.erase;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import org.realera.diffusion.ImageRequest;

/** Opens the masks' reader to tests of damaged files. */
public final class Masks {
  private Masks() {}

  /** Reads {@code cat-1.png}, of an image of 3 x 2. */
  public static void read(Path folder) {
    ImageRequest image = new ImageRequest("a cat", "", 7, 30, 2.5, 3, 2, null, null);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      new MaskFolder(folder).read(List.of("cat"), List.of(List.of(image)), scope);
    }
  }
}
