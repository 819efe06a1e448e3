/** LoRA adapters, the noise-alignment loss, the trainer and the merge. */
@NullMarked
package org.realera.alignment;

import org.jspecify.annotations.NullMarked;
