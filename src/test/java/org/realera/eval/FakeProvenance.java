package org.realera.eval;

import java.nio.file.Path;
import java.util.List;
import org.realera.diffusion.SpmSource;
import org.realera.files.Digests;

/** A machine without an engine, and files that are told apart by their names. */
public class FakeProvenance implements Provenance {
  @Override
  public String device() {
    return "cpu";
  }

  @Override
  public String dtype() {
    return "fp32";
  }

  @Override
  public String fingerprint(Path model) {
    return Digests.sha256(model.getFileName().toString());
  }

  @Override
  public SpmSource adapters(Path spm, Path model) {
    return new SpmSource(List.of("cat"), fingerprint(spm));
  }

  @Override
  public String scorerFingerprint(Path scorer) {
    return Digests.sha256(scorer.getFileName().toString());
  }
}
