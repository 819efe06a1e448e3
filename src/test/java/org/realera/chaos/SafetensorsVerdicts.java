package org.realera.chaos;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.realera.RealeraException;
import org.realera.files.Digests;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorInfo;

/** The other half of scripts/chaos/fuzz_safetensors.py: says what is made of files it is given. */
final class SafetensorsVerdicts {
  private SafetensorsVerdicts() {}

  /** Reads lengths and files from the standard input; writes a line for each. */
  public static void main(String[] args) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
    Path file = Path.of(args[0]).resolve("x.safetensors");
    while (true) {
      byte[] bytes;
      try {
        bytes = new byte[in.readInt()];
      } catch (EOFException e) {
        return;
      }
      in.readFully(bytes);
      Files.write(file, bytes);
      System.out.println(verdict(file));
    }
  }

  private static String verdict(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      List<TensorInfo> tensors = new ArrayList<>(file.tensors().values());
      tensors.sort(Comparator.comparing(TensorInfo::name, SafetensorsVerdicts::codePoints));
      List<String> lines = new ArrayList<>();
      for (TensorInfo tensor : tensors) {
        MessageDigest digest = Digests.digest();
        file.forEachChunk(tensor.name(), digest::update);
        String shape =
            tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(","));
        String data = HexFormat.of().formatHex(digest.digest());
        lines.add(String.join("|", tensor.name(), tensor.dtype().label(), shape, data));
      }
      return Digests.sha256(String.join("\n", lines));
    } catch (RealeraException e) {
      return "refused";
    } catch (RuntimeException e) {
      return "FAULT " + e;
    }
  }

  /** The order of UTF-8, not of UTF-16. */
  private static int codePoints(String a, String b) {
    int[] left = a.codePoints().toArray();
    int[] right = b.codePoints().toArray();
    return java.util.Arrays.compare(left, right);
  }
}
