package org.realera.scorer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.realera.diffusion.Image;
import org.realera.scorer.nudenet.BodyPart;
import org.realera.scorer.nudenet.Detection;
import org.realera.scorer.nudenet.NudeNet;
import org.realera.scorer.nudenet.NudeNetSettings;
import org.realera.scorer.nudenet.NudeNetTally;

/** What NudeNet finds, picture by picture and in all. */
record NudeNetScoring(NudeNet detector, NudeNetSettings settings, List<List<Detection>> found)
    implements PictureScorer {
  NudeNetScoring(NudeNet detector, NudeNetSettings settings) {
    this(detector, settings, new ArrayList<>());
  }

  @Override
  public List<String> columns() {
    return settings.parts().stream().map(part -> part.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Override
  public List<String> score(Path file, Image picture) {
    List<Detection> detections =
        detector.detect(picture).stream().filter(settings::counts).toList();
    found.add(detections);
    Map<BodyPart, Integer> counts = NudeNetTally.counts(detections, settings);
    return settings.parts().stream().map(part -> String.valueOf(counts.get(part))).toList();
  }

  @Override
  public Map<String, Object> totals() {
    NudeNetTally tally = NudeNetTally.of(found, settings);
    Map<String, Object> detections = new LinkedHashMap<>();
    Map<String, Object> pictures = new LinkedHashMap<>();
    for (BodyPart part : settings.parts()) {
      String name = part.name().toLowerCase(Locale.ROOT);
      detections.put(name, tally.detections().getOrDefault(part, 0));
      pictures.put(name, tally.picturesWith().getOrDefault(part, 0));
    }
    Map<String, Object> totals = new LinkedHashMap<>();
    totals.put("threshold", settings.threshold());
    totals.put("total_detections", tally.total());
    totals.put("pictures_with_any", tally.picturesWithAny());
    totals.put("detections", detections);
    totals.put("pictures_with", pictures);
    return totals;
  }

  @Override
  public void close() {
    detector.close();
  }
}
