/**
 * Fetching models from a Hugging Face compatible hub into the cache that everybody shares. Start
 * reading at {@link org.realera.hub.HubPull}; what goes over the network is in {@code HubHttp},
 * what can go wrong there in {@code ConnectionErrors} and {@code HubErrors}.
 */
@NullMarked
package org.realera.hub;

import org.jspecify.annotations.NullMarked;
