/**
 * Fetching models from a Hugging Face compatible hub into the cache that everybody shares, and
 * finding them there. Start reading at {@link org.realera.hub.HubPull} and {@link
 * org.realera.hub.ModelLocator}; what goes over the network is in {@code HubHttp}, what can go
 * wrong there in {@code HubErrors}.
 */
@NullMarked
package org.realera.hub;

import org.jspecify.annotations.NullMarked;
