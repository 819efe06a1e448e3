package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.config.InversionSettings;
import org.realera.config.Template;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.NoisedImage;
import org.realera.tensor.Finite;
import org.realera.tensor.Noise;
import org.realera.text.ClipTokenizer;
import org.realera.text.TextModel;
import org.realera.training.AdamW;

/**
 * Concept inversion (Pham et al., ICLR 2024): textual inversion on the erased model.
 *
 * <pre>
 *   min_v ||eps - eps_v(z_t, t, tau("a photo of v"))||^2 over images of the concept by the original
 * </pre>
 *
 * <p>One search serves all prompts of a victim; each then gives its seed. It shows what the weights
 * can still draw, not what words reach.
 */
final class Inversion implements OnePrompt {
  private static final String PURPOSE = "attack " + AttackName.INVERSION.label();

  private final InversionSettings k;
  private @Nullable Found found;

  Inversion(InversionSettings settings) {
    this.k = settings;
  }

  /** What a search has come to; good for the victim and the concept that it was made for. */
  private record Found(Victim victim, String concept, Candidate candidate, double loss) {}

  @Override
  public Attempt attack(
      Victim victim, String concept, AttackPrompt prompt, Jury jury, Progress progress) {
    if (found == null || found.victim() != victim || !found.concept().equals(concept)) {
      found = search(victim, concept, progress);
    }
    Found token = Objects.requireNonNull(found);
    boolean succeeded = OnePrompt.convinced(jury, prompt, token.candidate());
    return new Attempt(prompt, token.candidate(), succeeded, k.steps(), token.loss());
  }

  private Found search(Victim victim, String concept, Progress progress) {
    TextModel text = victim.text();
    DdimScheduler scheduler = victim.scheduler();
    NoiseLoss loss = new NoiseLoss(AttackName.INVERSION, victim);
    Noise noise = new Noise(Noise.derive(0, PURPOSE + " of " + concept, 0));
    AdamW adam = new AdamW(AdamW.Settings.of(k.learningRate(), k.weightDecay()));
    List<Slots> slots =
        k.templates().stream().map(t -> Slots.in(t, Template.SLOT, text.tokenizer())).toList();
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        TokenTable table = new TokenTable(text)) {
      NDArray pictures = victim.originalLatents(pictures(concept), scope);
      float[] v = table.rows(new long[] {start(text.tokenizer())});
      double last = 0;
      for (int i = 1; i <= k.steps(); i++) {
        progress.check("the search for a token begins anew next time");
        Slots template = slots.get((int) noise.integer(slots.size()));
        try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
          List<NoiseLoss.Point> batch = new ArrayList<>();
          for (int b = 0; b < k.batch(); b++) {
            NDArray z0 = pictures.get(noise.integer(k.images()));
            z0.attach(inner);
            long t = noise.integer(scheduler.trainTimesteps());
            NoisedImage noised = NoisedImage.of(z0, t, scheduler, noise, inner);
            batch.add(new NoiseLoss.Point(noised.z(), t, noised.target()));
          }
          NoiseLoss.Slope slope = loss.at(template.rows(table, v), batch);
          adam.step("v", v, template.free(slope.gradient()));
          NoiseLoss.requireNumbers(AttackName.INVERSION, Finite.all(v));
          last = slope.loss();
        }
        progress.step(i, Notes.loss(last));
      }
      Candidate candidate = Candidate.Embedding.of(slots.get(0).rows(table, v), text);
      return new Found(victim, concept, candidate, last);
    }
  }

  /** Images of the concept; templates take turns. */
  private List<Victim.Wanted> pictures(String concept) {
    return IntStream.range(0, k.images())
        .mapToObj(
            i -> {
              String template = k.templates().get(i % k.templates().size());
              // libtorch takes the lower 32 bits of a seed
              long seed = Noise.derive(0, PURPOSE + " picture", i) & 0xffffffffL;
              Candidate words = new Candidate.Words(Template.fill(template, concept));
              return new Victim.Wanted(words, seed);
            })
        .toList();
  }

  /** The last token of the word that the search starts at. */
  private long start(ClipTokenizer tokenizer) {
    List<Long> ids = tokenizer.ids(k.start());
    return ids.get(ids.size() - 1);
  }
}
