package org.realera.eval.run;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.realera.config.ConceptPair;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Labels;
import org.realera.files.Digests;

/**
 * What the figures of several runs depend on beside their models, each setting by its name. Runs of
 * several concepts keep what others erase, so that of what is kept only the rest is compared, and
 * prompts of a concept are compared with prompts of the same.
 */
final class MeasuredWith {
  private final Set<String> concepts;
  private final Set<String> anchors;

  MeasuredWith(List<ModelPair> pairs) {
    concepts =
        pairs.stream()
            .map(pair -> pair.model().info().concept())
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    anchors =
        pairs.stream()
            .map(pair -> pair.model().info().anchor())
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
  }

  /** Those of one of the runs. */
  Map<String, String> of(ModelPair pair) {
    RunInfo info = pair.model().info();
    Map<String, String> with = new LinkedHashMap<>(info.measuredWith());
    if (pair.baseline() != null) {
      with.put("Original", "weights " + Digests.brief(pair.baseline().info().modelFingerprint()));
    }
    openSet(info, with);
    prompts("Prompts kept", info, with, set -> isKept(set) && !isErasedSomewhere(set));
    prompts(
        info.concept() == null ? "Prompts" : "Prompts of " + info.concept(),
        info,
        with,
        set -> !isKept(set));
    FidResult fid = pair.model().fid();
    if (fid != null && fid.referenceDigest() != null) {
      with.put("FID's reference", Digests.brief(fid.referenceDigest()));
    }
    MethodCost.find(pair.model().roots())
        .filter(cost -> cost.recipe() != null)
        .ifPresent(cost -> with.put("Recipe of " + cost.title(), String.valueOf(cost.recipe())));
    return with;
  }

  /** The labels that the open set adds; an anchor is a label of its concept's run alone. */
  private void openSet(RunInfo info, Map<String, String> with) {
    Labels labels = info.labels();
    if (labels.isClassifier()) {
      Set<String> scenes =
          new LinkedHashSet<>(labels.names().subList(labels.closed(), labels.names().size()));
      scenes.removeAll(anchors);
      with.put("Open set adds", String.join(", ", scenes));
    }
  }

  private static void prompts(
      String name, RunInfo info, Map<String, String> with, Predicate<ImageSet> of) {
    List<String> plans = info.sets().stream().filter(of).map(ImageSet::plan).toList();
    if (!plans.isEmpty()) {
      String digest = Digests.sha256(String.join("\n", plans)).substring(0, 12);
      String many = plans.size() == 1 ? plans.get(0) : plans.size() + " prompts, " + digest;
      with.put(name, many);
    }
  }

  private static boolean isKept(ImageSet set) {
    return set.role() == Role.KEPT;
  }

  private boolean isErasedSomewhere(ImageSet set) {
    return concepts.stream().anyMatch(concept -> ConceptPair.isSame(concept, set.subject()));
  }
}
