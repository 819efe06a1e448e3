package org.realera.eval.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.config.Limits;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SpmSource;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.ListedPrompt;
import org.realera.files.FileNames;

/** What must hold of a {@code run.json} that was read: Jackson takes what is not there for null. */
final class RunCheck {
  private RunCheck() {}

  /**
   * Returns what was read if all is there that the others rely on.
   *
   * @param info null if the file says no more than that
   * @throws RealeraException (damaged) naming the file and what is wrong
   */
  static RunInfo of(Path file, @Nullable RunInfo info) {
    if (info == null) {
      throw damaged(file, "it says nothing");
    }
    if (!whole(info)) {
      throw damaged(file, "something is missing that every run has");
    }
    if (info.samples() < 1
        || info.samples() > Limits.SAMPLES
        || info.batch() < 1
        || info.batch() > Limits.BATCH) {
      throw damaged(file, "samples is " + info.samples() + ", batch " + info.batch());
    }
    Labels labels = info.labels();
    if (labels.closed() < 0 || labels.closed() > labels.names().size()) {
      throw damaged(file, labels.closed() + " of " + labels.names().size() + " labels are classes");
    }
    for (ImageSet set : info.sets()) {
      if (!FileNames.isOnePart(set.name())) {
        throw damaged(file, "'" + set.name() + "' in sets is not the name of a folder");
      }
      if (labels.isClassifier() && !labels.names().contains(set.subject())) {
        throw damaged(file, "'" + set.subject() + "' is none of its labels");
      }
    }
    long images = info.plan().size();
    if (images > Limits.IMAGES) {
      throw damaged(file, images + " images, expected at most " + Limits.IMAGES);
    }
    return info;
  }

  private static boolean whole(RunInfo info) {
    if (Stream.of(
            info.tool(),
            info.suite(),
            info.label(),
            info.model(),
            info.modelFingerprint(),
            info.sampler(),
            info.device(),
            info.dtype(),
            info.shard(),
            info.scoring())
        .anyMatch(Objects::isNull)) {
      return false;
    }
    List<@Nullable Object> parts = new ArrayList<>();
    parts.add(info.scoring().scorer());
    parts.add(info.scoring().scorerFingerprint());
    parts.add(info.scoring().labels());
    SafeGuidance safe = info.safe();
    if (safe != null) {
      parts.add(safe.settings());
    }
    SpmSource spm = info.spm();
    if (spm != null) {
      parts.add(spm.concepts());
      parts.add(spm.sha256());
    }
    for (ImageSet set : info.sets()) {
      parts.addAll(
          Stream.of(set.name(), set.role(), set.word(), set.subject(), set.prompt()).toList());
      List<ListedPrompt> prompts = set.prompts();
      if (prompts != null) {
        prompts.forEach(prompt -> parts.addAll(Arrays.asList(prompt.prompt(), prompt.seed())));
      }
    }
    return parts.stream().allMatch(Objects::nonNull);
  }

  private static RealeraException damaged(Path file, String what) {
    return RealeraException.damaged(
        file + " is no run file of this version: " + what, RunFiles.REMEDY);
  }
}
