/** Safetensors in and out, TorchScript modules, device and precision, native-memory scopes. */
@NullMarked
package org.realera.tensor;

import org.jspecify.annotations.NullMarked;
