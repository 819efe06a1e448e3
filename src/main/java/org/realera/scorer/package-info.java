/**
 * Scorers of images, whoever drew them: each is a reference implementation's network and
 * preprocessing, rebuilt to the last digit that matters. One package for each: {@link
 * org.realera.scorer.clip} (CLIP score, zero-shot classifier), {@link org.realera.scorer.face}
 * (GIPHY's celebrity detector), {@link org.realera.scorer.nudenet} (exposed parts), {@link
 * org.realera.scorer.fid} (Frechet distance); {@link org.realera.scorer.pixels} holds the resizing
 * they share. Nothing here knows of suites, prompt lists or reports. Start reading at {@link
 * org.realera.scorer.Scorers}, which loads each of them.
 */
@NullMarked
package org.realera.scorer;

import org.jspecify.annotations.NullMarked;
