/**
 * The engine: libtorch, TorchScript modules, device and precision, seeded noise. Start reading at
 * {@link org.realera.tensor.Engine}.
 */
@NullMarked
package org.realera.tensor;

import org.jspecify.annotations.NullMarked;
