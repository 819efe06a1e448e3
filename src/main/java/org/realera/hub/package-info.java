/** Fetching models from a Hugging Face compatible hub into the cache that everybody shares. */
@NullMarked
package org.realera.hub;

import org.jspecify.annotations.NullMarked;
