package org.realera.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcesTest {
  private final List<String> closed = new ArrayList<>();

  @Test
  void theLastIsClosedFirstAndEachOnce() {
    Resources resources = new Resources();
    assertThat(resources.own("file", closed::add)).isEqualTo("file");
    resources.own("network", closed::add);
    resources.close();
    resources.close();
    assertThat(closed).containsExactly("network", "file");
  }

  @Test
  void oneThatFailsDoesNotKeepTheOthersOpen() {
    Resources resources = new Resources();
    resources.own("file", closed::add);
    resources.own("network", this::fail);
    resources.own("other network", this::fail);
    assertThatThrownBy(resources::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("other network")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("network"));
    assertThat(closed).containsExactly("file");
  }

  @Test
  void whatFailsWhileItIsMadeIsClosedAndTheFailureIsTheOneThatIsTold() {
    Error failure = new OutOfMemoryError("too large");
    assertThatThrownBy(
            () ->
                Resources.load(
                    resources -> {
                      resources.own("file", closed::add);
                      resources.own("network", this::fail);
                      throw failure;
                    }))
        .isSameAs(failure)
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("network"));
    assertThat(closed).containsExactly("file");
  }

  @Test
  void whatIsMadeKeepsItsResourcesOpen() {
    Resources kept =
        Resources.load(
            resources -> {
              resources.own("file", closed::add);
              return resources;
            });
    assertThat(closed).isEmpty();
    kept.close();
    assertThat(closed).containsExactly("file");
  }

  private void fail(String name) {
    throw new IllegalStateException(name);
  }
}
