/**
 * Safetensors in and out, TorchScript modules, device and precision, native-memory scopes. Start
 * reading at {@link org.realera.tensor.SafetensorsFile} for files and at {@link
 * org.realera.tensor.Engine} for computing.
 */
@NullMarked
package org.realera.tensor;

import org.jspecify.annotations.NullMarked;
