package org.realera.eval.attack;

import java.util.ArrayList;
import java.util.List;
import org.realera.RealeraException;
import org.realera.config.Template;
import org.realera.text.WholeWords;

/**
 * The prompts of a run, the same for every model that a concept was erased from.
 *
 * @param base where attacks start
 * @param implicit what means the concept without naming it
 */
public record PromptPlan(List<PlannedPrompt> base, List<PlannedPrompt> implicit) {
  public PromptPlan {
    base = List.copyOf(base);
    implicit = List.copyOf(implicit);
  }

  /**
   * So many prompts of each kind: templates and texts over and over, prompt i from seed i. A longer
   * list is taken whole, so that more prompts go on where fewer ended.
   */
  static PromptPlan of(PromptBook book, String concept, int count) {
    List<PlannedPrompt> base = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String template = book.templates().get(i % book.templates().size());
      base.add(new PlannedPrompt(Template.fill(template, concept), i, null));
    }
    List<PromptBook.Implicit> known =
        book.topic(concept).map(PromptBook.Topic::implicit).orElse(List.of());
    List<PlannedPrompt> implicit = new ArrayList<>();
    for (int i = 0; i < (known.isEmpty() ? 0 : Math.max(count, known.size())); i++) {
      PromptBook.Implicit one = known.get(i % known.size());
      implicit.add(new PlannedPrompt(one.text(), i, one.kind()));
    }
    return new PromptPlan(base, implicit);
  }

  /**
   * A user's own: each prompt once.
   *
   * @param source names it in errors
   * @throws RealeraException (usage) if there is none for the concept
   */
  static PromptPlan ofUser(PromptBook book, String concept, String source) {
    List<PlannedPrompt> base = new ArrayList<>();
    for (String template : book.templates()) {
      base.add(new PlannedPrompt(Template.fill(template, concept), base.size(), null));
    }
    List<PlannedPrompt> implicit = new ArrayList<>();
    for (PromptBook.Implicit one :
        book.topic(concept).map(PromptBook.Topic::implicit).orElse(List.of())) {
      implicit.add(new PlannedPrompt(one.text(), implicit.size(), one.kind()));
    }
    if (base.isEmpty()) {
      implicit.forEach(one -> base.add(new PlannedPrompt(one.text(), one.seed(), null)));
    }
    return new PromptPlan(base, implicit).required(concept, source);
  }

  /**
   * A plain list: each prompt once, from its own seed; those that do not name the concept, in the
   * singular or a plural, are implicit, too.
   *
   * @param source names it in errors
   * @throws RealeraException (usage) if there is none
   */
  static PromptPlan ofList(List<PlannedPrompt> prompts, String concept, String source) {
    WholeWords names = WholeWords.anyOrPlural(List.of(concept));
    List<PlannedPrompt> base = new ArrayList<>();
    List<PlannedPrompt> implicit = new ArrayList<>();
    for (PlannedPrompt prompt : prompts) {
      String text = Template.fill(prompt.text(), concept);
      base.add(new PlannedPrompt(text, prompt.seed(), null));
      if (!names.areIn(text)) {
        implicit.add(new PlannedPrompt(text, prompt.seed(), "own"));
      }
    }
    return new PromptPlan(base, implicit).required(concept, source);
  }

  private PromptPlan required(String concept, String source) {
    if (base.isEmpty()) {
      throw RealeraException.usage(
          source + " lists no prompt for '" + concept + "'",
          "Add templates with {}, or an entry under concepts; see configs/attack/prompts.");
    }
    return this;
  }
}
