/**
 * What kind of model a checkpoint is: what its JSON files say ({@link
 * org.realera.checkpoint.architecture.ModelIndex}, then a record for each part), and which tensors
 * a network of that configuration has. Start reading at {@link
 * org.realera.checkpoint.architecture.Architecture}, which reads all of them. Nothing here knows
 * where a model lies or in which kind of file.
 */
@NullMarked
package org.realera.checkpoint.architecture;

import org.jspecify.annotations.NullMarked;
