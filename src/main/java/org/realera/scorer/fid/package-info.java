/**
 * The Frechet distance between two sets of images: features of the Inception network, their mean
 * and covariance, the distance of those. Start reading at {@link
 * org.realera.scorer.fid.FeatureMoments}.
 */
@NullMarked
package org.realera.scorer.fid;

import org.jspecify.annotations.NullMarked;
