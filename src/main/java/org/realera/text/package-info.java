/** Prompt to tokens to embeddings; where a concept stands in its prompt; token pairing. */
@NullMarked
package org.realera.text;

import org.jspecify.annotations.NullMarked;
