/**
 * Many erasures and their evaluations as one: a suite's concepts each by itself (the paper's Table
 * 1), by one method or several, the parts of the method (Table 3), its settings (Figure 5), and
 * attacks on each erased model. Start reading at {@link org.realera.campaign.Campaign}: it erases
 * and measures one model and leaves what is complete as it is; {@link
 * org.realera.campaign.EraseEach}, {@link org.realera.campaign.AttackEach} and {@link
 * org.realera.campaign.Ablation} call it again and again. Below the commands the only package that
 * knows both {@link org.realera.erase} and {@link org.realera.eval}; it prints nothing.
 */
@NullMarked
package org.realera.campaign;

import org.jspecify.annotations.NullMarked;
