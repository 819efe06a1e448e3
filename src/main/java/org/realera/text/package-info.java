/**
 * Prompt to tokens to embeddings; where a concept stands in its prompt. Start reading at {@link
 * org.realera.text.ConceptPrompt}.
 */
@NullMarked
package org.realera.text;

import org.jspecify.annotations.NullMarked;
