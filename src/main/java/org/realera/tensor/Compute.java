package org.realera.tensor;

import ai.djl.Device;

/**
 * Where and in which type networks run.
 *
 * @param device {@code Device.cpu()} or {@code Device.gpu(n)}
 * @param precision the type of weights and activations
 */
public record Compute(Device device, Precision precision) {}
