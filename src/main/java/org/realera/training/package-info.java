/**
 * What methods that train share: LoRA adapters or whole weights, AdamW, the loop and its saved
 * state. Start reading at {@link org.realera.training.Training}. Attacks follow their slopes by
 * {@link org.realera.training.AdamW}, too.
 */
@NullMarked
package org.realera.training;

import org.jspecify.annotations.NullMarked;
