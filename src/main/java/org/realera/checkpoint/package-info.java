/**
 * How models are read and written: diffusers folders, single files in the original layout, the
 * model in the jar. Where they are found is {@link org.realera.hub}'s. Start reading at {@link
 * org.realera.checkpoint.Checkpoint}, which every other package opens a model with; what its
 * configurations say is in {@link org.realera.checkpoint.architecture}, what its tokenizer's tables
 * say in {@link org.realera.checkpoint.tokenizer}, what the jar brings along in {@link
 * org.realera.checkpoint.builtin}.
 */
@NullMarked
package org.realera.checkpoint;

import org.jspecify.annotations.NullMarked;
