/**
 * What methods that train share: LoRA adapters, AdamW and the saved state. Start reading at {@link
 * org.realera.training.LoraAdapters}.
 */
@NullMarked
package org.realera.training;

import org.jspecify.annotations.NullMarked;
