/**
 * What the jar brings along: the pocket model, CLIP's tokenizer and the standard configurations of
 * Stable Diffusion 1.x and 2.x. Start reading at {@link
 * org.realera.checkpoint.builtin.PocketModel}.
 */
@NullMarked
package org.realera.checkpoint.builtin;

import org.jspecify.annotations.NullMarked;
