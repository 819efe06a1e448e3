/**
 * Validated records of the recipes and one YAML reader; knows no tensors. Start reading at {@link
 * org.realera.config.EraseRecipe}.
 */
@NullMarked
package org.realera.config;

import org.jspecify.annotations.NullMarked;
