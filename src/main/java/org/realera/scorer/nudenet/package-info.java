/**
 * Which exposed parts NudeNet v3 finds in an image, by ONNX Runtime, which the user adds. Start
 * reading at {@link org.realera.scorer.nudenet.NudeNet}.
 */
@NullMarked
package org.realera.scorer.nudenet;

import org.jspecify.annotations.NullMarked;
