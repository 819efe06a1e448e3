package org.realera.eval.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ListedPrompt;

/**
 * The image list of a run, cut into batches. The list goes sample by sample over all sets, so that
 * what is there after half the time is half of every set, and a run with more samples begins with
 * the same batches. A batch is the unit of drawing: its composition never depends on what is
 * already there or on the shard, since the last bit of an image may depend on what it was drawn
 * with.
 *
 * @param sets what is drawn, in this order
 * @param samples images of every prompt, where a set does not ask for fewer
 * @param batch images drawn together
 */
public record ImagePlan(List<ImageSet> sets, int samples, int batch) {
  public ImagePlan {
    sets = List.copyOf(sets);
    if (samples < 1 || batch < 1) {
      throw new IllegalArgumentException("samples " + samples + ", batch " + batch);
    }
  }

  /** The batches of one shard: every {@code count}-th, so that each shard has some of every set. */
  public List<List<PlannedImage>> batches(Shard shard) {
    List<PlannedImage> all = all();
    List<List<PlannedImage>> result = new ArrayList<>();
    int batches = (all.size() + batch - 1) / batch;
    for (int b = shard.index() - 1; b < batches; b += shard.count()) {
      result.add(List.copyOf(all.subList(b * batch, Math.min(all.size(), (b + 1) * batch))));
    }
    return List.copyOf(result);
  }

  /** How many images the list has, those of all shards, without making it. */
  public long size() {
    long size = 0;
    for (ImageSet set : sets) {
      Integer most = set.samples();
      List<ListedPrompt> prompts = set.prompts();
      long each = most == null ? samples : Math.max(0, Math.min(most, samples));
      size += each * (prompts == null ? 1 : prompts.size());
    }
    return size;
  }

  /** All images in the order of the list. */
  List<PlannedImage> all() {
    List<PlannedImage> result = new ArrayList<>();
    for (int sample = 0; sample < samples; sample++) {
      for (ImageSet set : sets) {
        if (set.samples() == null || sample < set.samples()) {
          add(result, set, sample);
        }
      }
    }
    return List.copyOf(result);
  }

  private static void add(List<PlannedImage> result, ImageSet set, int sample) {
    @Nullable List<ListedPrompt> prompts = set.prompts();
    if (prompts == null) {
      result.add(new PlannedImage(set, sample));
      return;
    }
    for (int line = 0; line < prompts.size(); line++) {
      result.add(PlannedImage.listed(set, line + 1, prompts.get(line), sample));
    }
  }
}
