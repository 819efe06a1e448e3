package org.realera.eval;

import java.util.ArrayList;
import java.util.List;

/**
 * The image list of a run, cut into batches. The list goes seed by seed over all sets, so that what
 * is there after half the time is half of every set, and a run with more samples begins with the
 * same batches. A batch is the unit of drawing: its composition never depends on what is already
 * there or on the shard, since the last bit of a picture may depend on what it was drawn with.
 */
public record ImagePlan(List<ImageSet> sets, int samples, int batch) {
  public ImagePlan {
    sets = List.copyOf(sets);
    if (samples < 1 || batch < 1) {
      throw new IllegalArgumentException("samples " + samples + ", batch " + batch);
    }
  }

  int images() {
    return Math.multiplyExact(sets.size(), samples);
  }

  private int batches() {
    return (images() + batch - 1) / batch;
  }

  /** The batches of one shard: every {@code count}-th, so that each shard has some of every set. */
  List<List<PlannedImage>> batches(Shard shard) {
    List<List<PlannedImage>> result = new ArrayList<>();
    for (int b = shard.index() - 1; b < batches(); b += shard.count()) {
      List<PlannedImage> members = new ArrayList<>();
      for (int i = b * batch; i < Math.min(images(), (b + 1) * batch); i++) {
        members.add(image(i));
      }
      result.add(List.copyOf(members));
    }
    return List.copyOf(result);
  }

  /** All images in the order of the list. */
  List<PlannedImage> all() {
    List<PlannedImage> result = new ArrayList<>();
    for (int i = 0; i < images(); i++) {
      result.add(image(i));
    }
    return List.copyOf(result);
  }

  private PlannedImage image(int index) {
    return new PlannedImage(sets.get(index % sets.size()), index / sets.size());
  }
}
