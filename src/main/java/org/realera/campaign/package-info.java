/**
 * Many erasures and their evaluations as one: a suite's concepts each by itself (the paper's Table
 * 1), the parts of the method (Table 3), its settings (Figure 5). Start reading at {@link
 * org.realera.campaign.Campaign}: it erases and measures one model and leaves what is complete as
 * it is; {@link org.realera.campaign.EraseEach} and {@link org.realera.campaign.Ablation} call it
 * again and again. The only package that knows both {@link org.realera.erase} and {@link
 * org.realera.eval}; it prints nothing.
 */
@NullMarked
package org.realera.campaign;

import org.jspecify.annotations.NullMarked;
