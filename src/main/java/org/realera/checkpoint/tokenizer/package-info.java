/**
 * What a model's tokenizer folder says: vocabulary, merges, and the tokens that stand for
 * themselves. Start reading at {@link org.realera.checkpoint.tokenizer.ClipVocabulary}.
 */
@NullMarked
package org.realera.checkpoint.tokenizer;

import org.jspecify.annotations.NullMarked;
