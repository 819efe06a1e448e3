package org.realera.campaign;

import org.realera.erase.ProgressListener;
import org.realera.eval.EvalListener;

/** Hears how far a campaign is; calls come from the thread that runs it. */
public interface CampaignListener {

  /**
   * An erasure begins.
   *
   * @param name what its folder is called
   * @return what hears of its stages
   */
  ProgressListener erasing(String name);

  /** An evaluation begins; what is returned hears of it, and says whether to stop. */
  EvalListener measuring();

  /** Something the user should know, one line. */
  void note(String line);
}
