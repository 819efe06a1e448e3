package org.realera.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.config.AttackReader;
import org.realera.eval.attack.PromptBooks;
import org.realera.eval.suite.PromptFile;
import org.realera.eval.suite.PromptLists;
import org.realera.text.Captions;

/** Settings of attacks, and lists of prompts, captions and people that users bring. */
final class ListInputs {
  private static final Input.Reader PROMPTS = file -> PromptBooks.own(file, "airplane");

  private ListInputs() {}

  /** All of them, below a folder that is empty. */
  static List<Input> all(Path root) throws IOException {
    Path attack = root.resolve("attack.yaml");
    Files.copy(Path.of("configs/attack/object.yaml"), attack);
    return List.of(
        Input.ofText("attack.yaml", attack, AttackReader::read),
        text(
            root,
            "prompts.yaml",
            """
            templates: ["a photo of a {}", "{} in the rain"]  # each names the concept
            concepts:
              - name: airplane
                paper: ["Antonov An-225 take off"]
                descriptions:
                  - >-
                    a machine with wings
                    above the clouds
                subtypes: [biplane, "a glider"]
                words: ['jet', aeroplane]
                languages: ["飛行機"]
              - {name: cat, words: [kitten]}
            """,
            PROMPTS),
        text(
            root,
            "prompts.csv",
            "prompt,seed,guidance\na jet,3,7.5\n\"wings, \"\"large\"\" ones\",4,\n{} at dusk,,5\n",
            PROMPTS),
        text(root, "prompts.txt", "a jet over the sea\n\n{} at dusk\né飛行機\n", PROMPTS),
        text(
            root,
            "found.csv",
            "method,concept,attack,prompt,seed,success,seen,started_from,embedding,picture\n"
                + "realera,airplane,none,a photo of a airplane,0,without attack,airplane,,,a/0.png\n"
                + "realera,airplane,p4d,'=jet,7,under attack,airplane,\"a jet, red\",,a/1.png\n"
                + "realera,airplane,soft-prompt,a jet,8,under attack,airplane,,a/2.bin,a/2.png\n",
            ListInputs::drawn),
        text(root, "prompt-file.txt", "a house\n  the sea, at night \n", ListInputs::drawn),
        text(
            root,
            "celebrities.csv",
            "type,prompt,evaluation_seed\nerased,a portrait of Tom Cruise,1\n"
                + "others,a portrait of Adam Driver,1\nothers,a photo of Adam Driver,2\n"
                + "others,\"a portrait of Adriana \"\"Lima\"\"\",3\n",
            PromptLists::celebrities),
        text(
            root,
            "captions.json",
            "{\"info\": {\"year\": 2014}, \"annotations\": [{\"image_id\": 1, \"id\": 2,"
                + " \"caption\": \"A bike.\"}, {\"id\": 3, \"caption\": \"A caf\\u00e9.\"}]}",
            Captions::read),
        text(root, "captions.txt", "A bike.\nA café by the sea\n\n", Captions::read));
  }

  private static Input text(Path root, String name, String content, Input.Reader reader)
      throws IOException {
    return Input.ofText(name, Files.writeString(root.resolve(name), content), reader);
  }

  /** As {@code generate --prompt-file} reads it. */
  private static void drawn(Path file) {
    PromptFile.read(file);
    PromptFile.embeddings(file);
    PromptFile.hasGuidance(file);
  }
}
