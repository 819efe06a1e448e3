package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import org.realera.safetensors.SafetensorsFile;

/** What tests of single files share. */
final class TinySingleFile {
  private TinySingleFile() {}

  static Checkpoint folder() {
    return Checkpoint.open(TinyModel.folder());
  }

  static void assertSameTensors(Path found, Path expected) throws IOException {
    try (SafetensorsFile a = SafetensorsFile.open(found);
        SafetensorsFile b = SafetensorsFile.open(expected)) {
      assertThat(a.tensors()).isEqualTo(b.tensors());
      for (String name : b.tensors().keySet()) {
        assertThat(bytes(a, name)).as(name).isEqualTo(bytes(b, name));
      }
    }
  }

  private static ByteBuffer bytes(SafetensorsFile file, String name) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    file.copyBytes(name, Channels.newChannel(out));
    return ByteBuffer.wrap(out.toByteArray());
  }
}
