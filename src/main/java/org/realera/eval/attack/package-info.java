/**
 * Whether an erasure holds: the run around the attacks of {@link org.realera.attack}. Start reading
 * at {@link org.realera.eval.attack.AttackRun}: it draws prompts by the original and by the erased
 * model, has a {@link org.realera.eval.attack.Judge} look at the images, and attacks from those
 * that show nothing any more. {@link org.realera.eval.attack.TrialStore} keeps what came of each
 * prompt, {@link org.realera.eval.attack.AttackReport} sums up.
 */
@NullMarked
package org.realera.eval.attack;

import org.jspecify.annotations.NullMarked;
