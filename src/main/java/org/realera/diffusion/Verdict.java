package org.realera.diffusion;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What somebody saw in images by the original and by the edited model. Its keys are those of {@code
 * realera.json} and of {@code --json}.
 *
 * @param judge who looked, in words
 * @param sights one for each word of which there is something to say, in the order of the images
 */
public record Verdict(String judge, @JsonProperty("words") List<Sight> sights) {

  public Verdict {
    sights = List.copyOf(sights);
  }

  /** The same to a hundredth of a percent, as files have it. */
  public Verdict rounded() {
    return new Verdict(judge, sights.stream().map(Sight::rounded).toList());
  }
}
