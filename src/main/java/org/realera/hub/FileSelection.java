package org.realera.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.ModelIndex;

/**
 * Which files of a repository make up a model: of each component's weights one copy, as
 * safetensors, and the small files beside them. Repositories hold much more: pickled copies, other
 * frameworks', fp16 variants, whole checkpoints in one file.
 *
 * @param files to fetch
 * @param notes what a user should know of the choice
 */
record FileSelection(List<String> files, List<String> notes) {
  /** Folders whose weights must be safetensors, as nothing else is read here. */
  private static final Set<String> READ = Set.of("unet", "vae", "text_encoder", "");

  private static final String AS_SAFETENSORS =
      "Take a --revision with safetensors, or save it so in Python:"
          + " DiffusionPipeline.from_pretrained(NAME).save_pretrained(FOLDER).";

  /** Of models in the top folder the program reads CLIP only; the hub's converter leaves pulls. */
  private static final String CLIP_AS_SAFETENSORS =
      "Take a revision with safetensors, NAME@REVISION: the hub's converter often leaves one as"
          + " refs/pr/N (see the model's pull requests). Or save it so in Python, and give the"
          + " folder: CLIPModel.from_pretrained(NAME).save_pretrained(FOLDER) and"
          + " CLIPProcessor.from_pretrained(NAME).save_pretrained(FOLDER).";

  private static final Pattern SMALL = Pattern.compile(".+\\.(json|txt|model)");
  private static final Pattern WEIGHTS =
      Pattern.compile(
          "(?:diffusion_pytorch_model|model|pytorch_model)"
              + "(?:\\.(?<variant>[a-z]\\w*))?(?:-\\d{5}-of-\\d{5})?(?:\\.(?<late>[a-z]\\w*))?"
              + "\\.(?<type>safetensors|bin)");
  private static final Pattern SHARD = Pattern.compile(".*-\\d{5}-of-\\d{5}.*");
  private static final Pattern WEIGHTS_INDEX =
      Pattern.compile(".+\\.(?<type>safetensors|bin)\\.index(?:\\.(?<variant>\\w+))?\\.json");

  FileSelection {
    files = List.copyOf(files);
    notes = List.copyOf(notes);
  }

  /**
   * The files of a diffusers model.
   *
   * @param all names in the repository
   * @param components the folders that model_index.json lists
   * @param variant {@code fp16} and the like, or empty
   * @throws RealeraException not found or damaged if a component has no weights that can be read
   */
  static FileSelection diffusers(List<String> all, Set<String> components, String variant) {
    List<String> files = new ArrayList<>(List.of(ModelIndex.FILE));
    List<String> notes = new ArrayList<>();
    List<String> plain = new ArrayList<>();
    boolean anyVariant = false;
    for (String component : new TreeSet<>(components)) {
      Folder folder = Folder.of(all, component);
      files.addAll(folder.small());
      List<String> weights = folder.weights(variant);
      if (weights.isEmpty() && !variant.isEmpty()) {
        weights = folder.weights("");
        if (!weights.isEmpty()) {
          plain.add(component);
        }
      } else {
        anyVariant |= !weights.isEmpty();
      }
      folder.requireReadable(weights);
      files.addAll(weights);
    }
    if (!variant.isEmpty() && !anyVariant) {
      throw RealeraException.notFound(
          "this model has no weights in the variant '%s'%s".formatted(variant, variants(all)),
          "Leave --variant out, or name one that is there.");
    }
    if (!plain.isEmpty()) {
      notes.add(
          "no variant '%s' of %s: the plain weights instead"
              .formatted(variant, String.join(", ", plain)));
    }
    return new FileSelection(files, notes);
  }

  /** The files of a model of transformers' kind, e.g. CLIP: all in the top folder. */
  static FileSelection transformers(List<String> all, String variant) {
    Folder folder = Folder.of(all, "");
    List<String> weights = folder.weights(variant);
    folder.requireReadable(weights);
    List<String> files = new ArrayList<>(folder.small());
    files.addAll(weights);
    return new FileSelection(files, List.of());
  }

  private static String variants(List<String> all) {
    Set<String> found = new TreeSet<>();
    for (String path : all) {
      Matcher file = WEIGHTS.matcher(path.substring(path.lastIndexOf('/') + 1));
      if (file.matches() && !variant(file).isEmpty() && !variant(file).equals("non_ema")) {
        found.add(variant(file));
      }
    }
    return found.isEmpty() ? "; it has none at all" : "; it has " + String.join(", ", found);
  }

  private static String variant(Matcher file) {
    String early = file.group("variant");
    String late = file.group("late");
    return early != null ? early : late != null ? late : "";
  }

  /** The files that lie directly in one folder; {@code ""} is the top one. */
  private record Folder(String name, List<String> paths) {
    static Folder of(List<String> all, String name) {
      String prefix = name.isEmpty() ? "" : name + "/";
      return new Folder(
          name,
          all.stream()
              .filter(path -> path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0)
              .sorted()
              .toList());
    }

    private String base(String path) {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Configuration and vocabulary: all small texts but lists of shards. */
    List<String> small() {
      return paths.stream()
          .filter(path -> SMALL.matcher(base(path)).matches())
          .filter(path -> !WEIGHTS_INDEX.matcher(base(path)).matches())
          .toList();
    }

    /** One copy of the weights: one file rather than shards, safetensors rather than pickles. */
    List<String> weights(String variant) {
      for (String type : List.of("safetensors", "bin")) {
        List<String> files =
            paths.stream()
                .filter(
                    path -> {
                      Matcher m = WEIGHTS.matcher(base(path));
                      return m.matches()
                          && m.group("type").equals(type)
                          && variant(m).equals(variant);
                    })
                .toList();
        List<String> whole = files.stream().filter(f -> !SHARD.matcher(f).matches()).toList();
        if (!whole.isEmpty()) {
          return whole.subList(0, 1);
        }
        if (!files.isEmpty()) {
          List<String> both = new ArrayList<>(files);
          both.addAll(indexes(type, variant));
          return both;
        }
      }
      return List.of();
    }

    private List<String> indexes(String type, String variant) {
      return paths.stream()
          .filter(
              path -> {
                Matcher m = WEIGHTS_INDEX.matcher(base(path));
                return m.matches()
                    && m.group("type").equals(type)
                    && variant.equals(m.group("variant") == null ? "" : m.group("variant"));
              })
          .toList();
    }

    void requireReadable(List<String> weights) {
      if (!READ.contains(name) || weights.stream().anyMatch(f -> f.endsWith(".safetensors"))) {
        return;
      }
      String where = name.isEmpty() ? "this model" : "the model's " + name;
      if (weights.isEmpty()) {
        throw RealeraException.notFound(
            where
                + " has no weights on the hub; there are only "
                + (paths.isEmpty()
                    ? "no files"
                    : paths.stream().limit(6).collect(Collectors.joining(", "))),
            "Check the model's name and --revision.");
      }
      throw RealeraException.damaged(
          "%s has pickled weights only on the hub (%s), and those are not read"
              .formatted(where, weights.get(0)),
          name.isEmpty() ? CLIP_AS_SAFETENSORS : AS_SAFETENSORS);
    }
  }
}
