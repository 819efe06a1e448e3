/**
 * Validated records of recipes and of attacks' settings, and one YAML reader; knows no tensors.
 * Start reading at {@link org.realera.config.EraseRecipe}; of attacks at {@link
 * org.realera.config.AttackSettings}.
 */
@NullMarked
package org.realera.config;

import org.jspecify.annotations.NullMarked;
