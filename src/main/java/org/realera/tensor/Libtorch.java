package org.realera.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.IoErrors;

/**
 * Where libtorch comes from, as DJL will look for it, known before anything is loaded or fetched.
 *
 * @param source which of the ways
 * @param flavor {@code cpu}, {@code cu128}, or {@code any} where DJL would guess
 * @param place the folder, or the jar's entry
 */
record Libtorch(Source source, String flavor, String place) {
  private static final Pattern VERSION =
      Pattern.compile("__version__\\s*=\\s*'([^']+)'|^(\\d[\\w.+]*)\\s*$", Pattern.MULTILINE);
  private static final Pattern DRIVER = Pattern.compile("\\b(\\d{3,4})\\.(\\d+)(?:\\.\\d+)?\\b");

  private static final String DRIVER_LIBRARY = "libcuda.so.1";

  /** CUDA 12 of any minor version runs on drivers of this branch and later. */
  private static final int OLDEST_DRIVER = 525;

  enum Source {
    /** A libtorch of the user's, named by PYTORCH_LIBRARY_PATH. */
    INSTALLED,
    /** In a jar on the class path. */
    BUNDLED,
    /** In DJL's cache, from an earlier run. */
    CACHED,
    /** Nowhere yet: DJL fetches it on first use. */
    TO_FETCH
  }

  /**
   * Looks as DJL does.
   *
   * @param settings system property or else environment variable; empty text if there is neither
   * @param bundled whether libtorch is on the class path
   * @param cache DJL's folder for this engine
   */
  static Libtorch find(UnaryOperator<String> settings, boolean bundled, Path cache) {
    String path = settings.apply("PYTORCH_LIBRARY_PATH");
    String named = settings.apply("PYTORCH_FLAVOR");
    if (!path.isEmpty()) {
      return new Libtorch(Source.INSTALLED, named.isEmpty() ? "any" : named, path);
    }
    if (bundled) {
      return new Libtorch(Source.BUNDLED, "cpu", "the jar pytorch-native-cpu");
    }
    String flavor = named.isEmpty() ? "any" : named;
    String prefix = version() + "-" + flavor + "-";
    try (var folders = Files.list(cache)) {
      Optional<Path> there =
          folders
              .filter(f -> String.valueOf(f.getFileName()).startsWith(prefix) && holdsTorch(f))
              .sorted()
              .findFirst();
      if (there.isPresent()) {
        return new Libtorch(Source.CACHED, flavor, there.get().toString());
      }
    } catch (IOException e) {
      // No cache yet.
    }
    return new Libtorch(Source.TO_FETCH, flavor, "https://publish.djl.ai/pytorch/" + version());
  }

  /** DJL's folder may hold its own binding only; and a user's may be any folder. */
  private static boolean holdsTorch(Path folder) {
    return Stream.of("libtorch.so", "libtorch.dylib", "torch.dll")
        .anyMatch(name -> Files.exists(folder.resolve(name)));
  }

  /** The libtorch that our bindings are made for, e.g. {@code 2.7.1}. */
  static String version() {
    Properties properties = new Properties();
    try (InputStream in = Libtorch.class.getResourceAsStream("/jnilib/pytorch.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new IllegalStateException("a resource of ours can't be read", e);
    }
    return properties.getProperty("jni_version", "unknown").replaceFirst("-.*", "");
  }

  boolean isCuda() {
    return flavor.startsWith("cu");
  }

  /** For people: flavor and place. */
  String describe() {
    return switch (source) {
      case INSTALLED -> flavor + ", in " + place + " (PYTORCH_LIBRARY_PATH)";
      case BUNDLED -> flavor + ", from " + place;
      case CACHED -> flavor + ", in " + place;
      case TO_FETCH -> flavor + ", not here yet: fetched on first use from " + place;
    };
  }

  /**
   * Checks that an installed libtorch is of the version that the bindings are made for: with
   * another one they load, and then compute garbage.
   *
   * @throws RealeraException not found or damaged, naming what is there
   */
  void requireFit() {
    if (source != Source.INSTALLED) {
      return;
    }
    Path folder = Path.of(place);
    if (!Files.isDirectory(folder)) {
      throw RealeraException.notFound(
          "PYTORCH_LIBRARY_PATH is %s, and there is no such folder".formatted(place),
          "Point it at the lib folder of torch %s, or unset it.".formatted(version()));
    }
    Optional<String> found = installedVersion(folder);
    if (found.isPresent() && !found.get().replaceFirst("[+].*", "").equals(version())) {
      throw RealeraException.damaged(
          "PYTORCH_LIBRARY_PATH is %s, which holds torch %s; expected %s"
              .formatted(place, found.get(), version()),
          "Install that one beside it (pip install torch==%s) and point there, or unset the variable."
              .formatted(version()));
    }
    if (!holdsTorch(folder)) {
      throw RealeraException.notFound(
          "PYTORCH_LIBRARY_PATH is %s, which holds no libtorch".formatted(place),
          "Point it at the lib folder of torch %s, or unset it.".formatted(version()));
    }
  }

  /** What pip's torch says in {@code version.py}, and libtorch's zip in {@code build-version}. */
  private static Optional<String> installedVersion(Path lib) {
    for (String name : new String[] {"version.py", "build-version"}) {
      Path file = lib.resolveSibling(name);
      try {
        if (Files.isRegularFile(file)) {
          Matcher version = VERSION.matcher(Files.readString(file));
          if (version.find()) {
            return Optional.ofNullable(
                version.group(1) == null ? version.group(2) : version.group(1));
          }
        }
      } catch (IOException e) {
        return Optional.empty(); // it may still fit
      }
    }
    return Optional.empty();
  }

  /** The error for a libtorch that did not load. */
  RealeraException notLoaded(Throwable cause) {
    String reason = reason(cause);
    if (IoErrors.isDiskFull(reason)) {
      return new RealeraException(
          Kind.RESOURCES,
          "libtorch %s can't be unpacked: %s".formatted(version(), reason),
          "Free some space, or set DJL_CACHE_DIR to a folder on another disk.",
          cause);
    }
    if (reason.contains(DRIVER_LIBRARY)) {
      return new RealeraException(
          Kind.FAILED,
          "libtorch %s is a CUDA build, and this machine has no NVIDIA driver (%s)"
              .formatted(describe(), DRIVER_LIBRARY),
          source == Source.INSTALLED
              ? "Run it where there is a GPU; here, unset PYTORCH_LIBRARY_PATH or name a CPU build."
              : "Run it where there is a GPU; here, keep to the CPU with REALERA_TORCH=cpu.",
          cause);
    }
    return switch (source) {
      case TO_FETCH ->
          new RealeraException(
              Kind.NOT_FOUND,
              "libtorch %s (%s) is not here and can't be fetched from %s: %s"
                  .formatted(version(), flavor, place, reason),
              "Point PYTORCH_LIBRARY_PATH at the lib folder of an installed torch %s, or keep to the"
                      .formatted(version())
                  + " CPU: REALERA_TORCH=cpu.",
              cause);
      case INSTALLED ->
          new RealeraException(
              Kind.FAILED,
              "the libtorch in PYTORCH_LIBRARY_PATH, %s, does not load: %s"
                  .formatted(place, reason),
              "It must be torch %s with the libraries it was installed with; or unset the variable."
                  .formatted(version()),
              cause);
      default ->
          new RealeraException(
              Kind.FAILED,
              "libtorch %s (%s) does not load: %s".formatted(version(), describe(), reason),
              isCuda()
                  ? "Keep to the CPU with REALERA_TORCH=cpu, or remove that folder to fetch it"
                      + " anew."
                  : "It needs glibc 2.28 or later and this machine's architecture; or point"
                      + " PYTORCH_LIBRARY_PATH at a torch that runs here.",
              cause);
    };
  }

  private static String reason(Throwable error) {
    Throwable last = error;
    while (last.getCause() != null && last.getCause() != last) {
      last = last.getCause();
    }
    String message = last.getMessage();
    String name = last.getClass().getSimpleName();
    return message == null ? name : name + ": " + EngineErrors.lastLine(message);
  }

  /**
   * Why there is no GPU to compute on.
   *
   * @param cudaBuild whether the libtorch that runs could use one
   * @param driver what /proc/driver/nvidia/version says; empty if there is no such file
   * @param visible CUDA_VISIBLE_DEVICES, empty if unset
   */
  static String whyNoGpu(boolean cudaBuild, String driver, String visible) {
    Matcher version = DRIVER.matcher(driver);
    if (driver.isBlank()) {
      return "no NVIDIA driver is loaded";
    }
    if (!cudaBuild) {
      return "this is libtorch's CPU build (REALERA_TORCH, REALERA_DEVICE or the machine's kind"
          + " asked for it)";
    }
    if (version.find() && Integer.parseInt(version.group(1)) < OLDEST_DRIVER) {
      return "the NVIDIA driver %s is too old: CUDA 12 needs %s or later"
          .formatted(version.group(), OLDEST_DRIVER);
    }
    return visible.isEmpty()
        ? "the NVIDIA driver is loaded, but it shows no GPU (a batch job must ask for one)"
        : "CUDA_VISIBLE_DEVICES is %s, which leaves no GPU".formatted(visible);
  }
}
