package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {
  @Test
  void commandsAreShownAndNotObeyed() {
    assertThat(PlainText.of("\u001b]0;owned\u0007\u009b2J\u007f\b\rx"))
        .isEqualTo("\\u001b]0;owned\\u0007\\u009b2J\\u007f\\u0008\\u000dx");
    assertThat(PlainText.of("a\u202egnp.exe\u2066\u2069\u2028"))
        .isEqualTo("a\\u202egnp.exe\\u2066\\u2069\\u2028");
    for (char c = 0; c < 0xa0; c++) {
      boolean control = c < 0x20 || c >= 0x7f;
      boolean stays = c == '\n' || c == '\t' || !control;
      assertThat(PlainText.of("" + c)).hasSize(stays ? 1 : 6);
      assertThat(PlainText.line("" + c)).hasSize(control ? 6 : 1);
    }
  }

  @Test
  void wordsOfAnyLanguageStayAsTheyAre() {
    for (String text :
        new String[] {"café", "猫\n\tx", "خوش\u200cآمدید", "👩\u200d🚀", "a\r\nb", ""}) {
      assertThat(PlainText.of(text)).isEqualTo(text);
    }
  }

  @Test
  void ofJsonItIsTheSameJson() throws JsonProcessingException {
    Map<String, Object> tree = Map.of("a\u009b", "b\u202e\u001b\u007f \n");
    String plain = PlainText.of(Json.PRETTY.writeValueAsString(tree));
    assertThat(plain).doesNotContain("\u009b", "\u202e", "\u001b", "\u007f");
    assertThat(Json.tree(Json.READER.readTree(plain))).isEqualTo(Json.tree(tree));
  }

  @ParameterizedTest
  @CsvSource({
    "there is no https://user:pw@hub.org/a/b: go, there is no https://***@hub.org/a/b: go",
    "https://u:p@ss@hub.org:80/a, https://***@hub.org:80/a",
    "'\"http://u@h\"', '\"http://***@h\"'",
    "https://h/a?x=1&X-Amz-Signature=ab12&y=2 z, https://h/a?x=1&X-Amz-Signature=***&y=2 z",
    "https://h/a?token=ab12, https://h/a?token=***",
    "https://huggingface.co/a/b@main, https://huggingface.co/a/b@main",
    "https://h/?page=1 me@example.org, https://h/?page=1 me@example.org",
    "token=x me@example.org, token=x me@example.org"
  })
  void secretsOfAnAddressAreMasked(String text, String shown) {
    assertThat(PlainText.of(text)).isEqualTo(shown);
    assertThat(PlainText.line(text)).isEqualTo(shown);
  }
}
