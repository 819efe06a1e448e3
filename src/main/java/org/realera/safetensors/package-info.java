/**
 * The safetensors format: headers, mapped weights, writing. Start reading at {@link
 * org.realera.safetensors.SafetensorsFile}.
 */
@NullMarked
package org.realera.safetensors;

import org.jspecify.annotations.NullMarked;
