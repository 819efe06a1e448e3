package org.realera.method;

import org.realera.config.MethodName;

/** Which class is which method. */
public final class Methods {
  private Methods() {}

  /** The method of a recipe. */
  public static Method of(MethodName name) {
    return switch (name) {
      case REALERA -> new RealEra();
      case UCE -> new Uce();
      case UCE_2023 -> new Uce2023();
      case RECE -> new Rece();
      case SPEED -> new Speed();
      case OCE -> new Oce();
      case ESD_X -> Esd.x();
      case ESD_U -> Esd.u();
      case AC -> new ConceptAblation();
      case SA -> new SelectiveAmnesia();
      case MACE -> new Mace();
      case FMN -> new ForgetMeNot();
      case SPM -> new Spm();
    };
  }
}
