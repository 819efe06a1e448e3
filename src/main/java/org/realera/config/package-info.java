/** Validated records of the recipes and one YAML reader; knows no tensors. */
@NullMarked
package org.realera.config;

import org.jspecify.annotations.NullMarked;
