package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.realera.Progress;
import org.realera.config.EraseRecipe;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;

/** What a command line of erase asks for. */
final class EraseLine {
  private EraseLine() {}

  /** The request that a command line becomes. */
  static EraseRequest request(Map<String, String> env, String... args) {
    var seen = new AtomicReference<EraseRequest>();
    Services core =
        new CommandRun.FakeCore() {
          @Override
          public EraseResult erase(EraseRequest r, Progress p) {
            seen.set(r);
            return super.erase(r, p);
          }
        };
    CommandRun run = CommandRun.with(core, env, args);
    assertThat(run.code()).as(run.err()).isZero();
    return seen.get();
  }

  static EraseRequest request(String... args) {
    return request(Map.of("REALERA_MODEL", "pocket"), args);
  }

  static EraseRecipe recipe(String... args) {
    return request(args).recipe();
  }
}
