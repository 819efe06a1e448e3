/**
 * Prediction noise alignment (eqs. 8-9, Algorithm 1 lines 25-29). Start reading at {@link
 * org.realera.method.NoiseAlignment}.
 */
@NullMarked
package org.realera.method;

import org.jspecify.annotations.NullMarked;
