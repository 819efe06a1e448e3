package org.realera.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.realera.config.MethodName;
import org.realera.convert.Target;
import org.realera.diffusion.SldSettings;
import org.realera.eval.suite.SuiteReader;
import org.realera.hub.ModelLocator;
import org.realera.tensor.ComputeChoice;

/** The words that a shell offers for an argument; it goes on with files where none of them fits. */
@SuppressWarnings("serial") // lists only as picocli wants something that it can make and walk
final class CompletionWords {
  private CompletionWords() {}

  private abstract static class Words extends ArrayList<String> {
    Words(Collection<String> words) {
      super(words);
    }
  }

  static final class Devices extends Words {
    Devices() {
      super(List.of("auto", "cpu", "cuda"));
    }
  }

  static final class ComputeTypes extends Words {
    ComputeTypes() {
      super(ComputeChoice.DTYPES);
    }
  }

  static final class StoredTypes extends Words {
    StoredTypes() {
      super(List.of("fp32", "fp16", "bf16"));
    }
  }

  static final class Forms extends Words {
    Forms() {
      super(Stream.of(Target.values()).map(Target::key).toList());
    }
  }

  static final class Predictions extends Words {
    Predictions() {
      super(List.of("epsilon", "v"));
    }
  }

  static final class Methods extends Words {
    Methods() {
      super(MethodName.labels());
    }
  }

  /** What {@code --methods} takes. */
  static final class ComparedMethods extends Words {
    ComparedMethods() {
      super(Stream.concat(Stream.of("all"), MethodChoice.all().stream()).toList());
    }
  }

  /** What {@code --attacks} takes. */
  static final class Attacks extends Words {
    Attacks() {
      super(AttackChoice.words());
    }
  }

  /** What {@code --sld} takes. */
  static final class Strengths extends Words {
    Strengths() {
      super(SldSettings.PUBLISHED.stream().map(SldSettings::name).toList());
    }
  }

  static final class RecipeNames extends Words {
    RecipeNames() {
      super(Recipes.NAMES);
    }
  }

  static final class Suites extends Words {
    Suites() {
      super(SuiteReader.SHIPPED);
    }
  }

  /** What can be fetched by a short name. */
  static final class ShortNames extends Words {
    ShortNames() {
      super(ModelLocator.aliases());
    }
  }

  /** Every model that has a name of its own. */
  static final class Models extends Words {
    Models() {
      super(
          Stream.concat(Stream.of(ModelLocator.POCKET), ModelLocator.aliases().stream()).toList());
    }
  }
}
