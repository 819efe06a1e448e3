/**
 * Where models are found and how they are read and written: diffusers folders, single files in the
 * original layout, the hub's cache, the model in the jar. Start reading at {@link
 * org.realera.checkpoint.Checkpoint}, which every other package opens a model with; what its
 * configurations say is in {@link org.realera.checkpoint.architecture}, what its tokenizer's tables
 * say in {@link org.realera.checkpoint.tokenizer}.
 */
@NullMarked
package org.realera.checkpoint;

import org.jspecify.annotations.NullMarked;
