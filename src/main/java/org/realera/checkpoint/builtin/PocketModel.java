package org.realera.checkpoint.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.ModelIndex;
import org.realera.files.CacheFolders;
import org.realera.files.Digests;
import org.realera.files.Environment;
import org.realera.files.IoErrors;
import org.realera.files.Json;

/**
 * The small model that travels in the jar, and its scorer. They are unpacked once into the user's
 * cache (REALERA_CACHE, else XDG_CACHE_HOME/realera, else ~/.cache/realera), under a name that
 * follows from their content, so versions never mix; processes that unpack at the same time do not
 * disturb each other.
 */
public final class PocketModel {
  private static final String RESOURCES = "/org/realera/pocket/";
  private static final String LIST = "files.json";
  private static final String SCORER_CONFIG = "scorer/config.json";

  private final Environment environment;
  private final String resources;

  public PocketModel(Environment environment) {
    this(environment, RESOURCES);
  }

  /** For tests: another folder of resources. */
  public PocketModel(Environment environment, String resources) {
    this.environment = environment;
    this.resources = resources;
  }

  private record PackedFile(String path, long size, String sha256) {}

  /**
   * The model as a diffusers folder, unpacked if need be.
   *
   * @throws RealeraException not found if this build has none; resources or failed if the cache
   *     can't be written
   */
  public static Path folder() {
    return new PocketModel(new Environment(System.getenv())).modelFolder();
  }

  /** The CLIP scorer that was trained beside it (transformers' CLIPModel), unpacked if need be. */
  public static Path scorerFolder() {
    return new PocketModel(new Environment(System.getenv())).scorer();
  }

  public Path modelFolder() {
    return folderOf(ModelIndex.FILE);
  }

  Path scorer() {
    return folderOf(SCORER_CONFIG);
  }

  /** Unpacks, and finds the folder of the one file whose path is or ends in {@code marker}. */
  private Path folderOf(String marker) {
    byte[] list = resource(LIST);
    List<PackedFile> files = parse(list);
    PackedFile found =
        files.stream()
            .filter(f -> f.path().equals(marker) || f.path().endsWith("/" + marker))
            .findFirst()
            .orElseThrow(() -> broken("it lists no " + marker));
    Path file = unpacked(list, files).resolve(found.path());
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }

  private Path unpacked(byte[] list, List<PackedFile> files) {
    Path cache = environment.realeraCache().resolve("pocket");
    String id = HexFormat.of().formatHex(Digests.digest().digest(list)).substring(0, 16);
    Path folder = cache.resolve(id);
    try {
      CacheFolders.make(folder, there -> isWhole(there, files), made -> unpack(made, files));
    } catch (IOException e) {
      RealeraException error = IoErrors.writing(folder, e);
      throw new RealeraException(
          error.kind(),
          "can't unpack the pocket model: " + error.getMessage(),
          "Set REALERA_CACHE to a folder on a disk with 100 MB free that you may write to.",
          e);
    }
    return folder;
  }

  private void unpack(Path folder, List<PackedFile> files) throws IOException {
    for (PackedFile file : files) {
      byte[] content = resource(file.path());
      if (content.length != file.size() || !sha256(content).equals(file.sha256())) {
        throw broken(file.path() + " is not the file that was packed");
      }
      CacheFolders.write(folder.resolve(file.path()), content);
    }
  }

  private static boolean isWhole(Path folder, List<PackedFile> files) {
    try {
      for (PackedFile file : files) {
        Path path = folder.resolve(file.path());
        if (!Files.isRegularFile(path)
            || Files.size(path) != file.size()
            || !sha256(Files.readAllBytes(path)).equals(file.sha256())) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private List<PackedFile> parse(byte[] list) {
    List<PackedFile> files = new ArrayList<>();
    try {
      for (JsonNode file : Json.READER.readTree(list).path("files")) {
        String path = file.path("path").asText();
        if (path.isEmpty() || path.startsWith("/") || path.contains("..") || path.contains("\\")) {
          throw broken("it lists the path " + path);
        }
        files.add(new PackedFile(path, file.path("size").asLong(-1), file.path("sha256").asText()));
      }
    } catch (IOException e) {
      throw broken("its list of files is not JSON");
    }
    return files;
  }

  private byte[] resource(String path) {
    try (@Nullable InputStream in = PocketModel.class.getResourceAsStream(resources + path)) {
      if (in == null) {
        throw path.equals(LIST)
            ? RealeraException.notFound(
                "this build holds no pocket model", "Give --model a folder or a hub name.")
            : broken(path + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw broken(path + " can't be read");
    }
  }

  private static RealeraException broken(String what) {
    return RealeraException.damaged(
        "the embedded pocket model is damaged: " + what, "Build or download realera again.");
  }

  private static String sha256(byte[] content) {
    MessageDigest digest = Digests.digest();
    digest.update(ByteBuffer.wrap(content));
    return HexFormat.of().formatHex(digest.digest());
  }
}
