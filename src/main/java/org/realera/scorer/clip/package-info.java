/**
 * CLIP as a scorer: how well an image fits a text. Start reading at {@link
 * org.realera.scorer.clip.ClipScorer}; the preprocessing is that of transformers, to the bit.
 */
@NullMarked
package org.realera.scorer.clip;

import org.jspecify.annotations.NullMarked;
