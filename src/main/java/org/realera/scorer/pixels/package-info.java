/**
 * Pixels as the reference libraries see them: Pillow's resizing in 8 bit and in float32, cutting,
 * boxes. Plain arrays; no network and no file. Start reading at {@link
 * org.realera.scorer.pixels.PilResize}.
 */
@NullMarked
package org.realera.scorer.pixels;

import org.jspecify.annotations.NullMarked;
