/**
 * Models in other forms: single files, deltas and LoRA to share, and what a model is made of. Start
 * reading at {@link org.realera.convert.Conversion}.
 */
@NullMarked
package org.realera.convert;

import org.jspecify.annotations.NullMarked;
