package org.realera.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a model on a hub, and what the hub says of them. */
final class HubFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SortedMap<String, byte[]> files = new TreeMap<>();

  void put(String path, byte[] content) {
    files.put(path, content);
  }

  byte[] get(String path) {
    return files.get(path);
  }

  /**
   * The answer to {@code api/models/NAME/revision/REV?blobs=true}.
   *
   * @param details size and hash too; some mirrors leave them out
   * @param hidden what that revision does not have
   */
  byte[] listing(String name, String commit, boolean details, Set<String> hidden)
      throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("id", name).put("modelId", name).put("sha", commit);
    ArrayNode siblings = root.putArray("siblings");
    files.forEach(
        (path, content) -> {
          if (hidden.contains(path)) {
            return;
          }
          ObjectNode file = siblings.addObject().put("rfilename", path);
          if (details) {
            file.put("size", content.length).put("blobId", gitHash(content));
            if (isLarge(path)) {
              file.putObject("lfs")
                  .put("sha256", etag(path))
                  .put("size", content.length)
                  .put("pointerSize", 134);
            }
          }
        });
    return JSON.writeValueAsBytes(root);
  }

  /** Whether it lies on the content network, under its SHA-256. */
  static boolean isLarge(String path) {
    return path.matches(".*\\.(safetensors|bin|ckpt|msgpack)");
  }

  /** The name of a file's blob. */
  String etag(String path) {
    byte[] content = files.get(path);
    return isLarge(path) ? hex("SHA-256", content) : gitHash(content);
  }

  private static String gitHash(byte[] content) {
    byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] whole = Arrays.copyOf(head, head.length + content.length);
    System.arraycopy(content, 0, whole, head.length, content.length);
    return hex("SHA-1", whole);
  }

  static String hex(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
