/**
 * A run as it lies in its folder: {@code run.json}, the images, {@code images.csv}, {@code
 * fid.json}. Start reading at {@link org.realera.eval.run.RunInfo}, which says what a run was made
 * with; {@link org.realera.eval.run.ImagePlan} lists its images and cuts them into batches and
 * shards; {@link org.realera.eval.run.RunReader} reads folders back and puts shards together.
 * Nothing is drawn or scored here.
 */
@NullMarked
package org.realera.eval.run;

import org.jspecify.annotations.NullMarked;
