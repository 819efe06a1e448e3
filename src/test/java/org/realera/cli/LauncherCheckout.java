package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code scripts/realera} in a checkout of its own, with a {@code mvn} that only notes that it was
 * called and a {@code java} that prints its arguments.
 *
 * @param temp holds all of it
 */
record LauncherCheckout(Path temp) {
  static final Path SCRIPT = Path.of("scripts", "realera").toAbsolutePath();

  /** What a launcher said and returned. */
  record Result(int code, String out, String err) {}

  static LauncherCheckout in(Path temp) throws IOException {
    LauncherCheckout made = new LauncherCheckout(temp);
    Path checkout = made.checkout();
    Files.createDirectories(checkout.resolve("scripts"));
    Files.copy(SCRIPT, checkout.resolve("scripts/realera"));
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    Files.createDirectories(checkout.resolve("configs"));
    Files.createDirectories(checkout.resolve("src/main/java"));
    Files.writeString(checkout.resolve("src/main/java/A.java"), "class A {}");
    Files.createDirectories(made.tools());
    Files.writeString(temp.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
    made.tool("java", "printf '<%s>' \"$@\"; echo; exit ${JAVA_EXIT:-0}");
    made.tool("javac", "exit 0");
    // With MVN_KILLS it ends in the midst, and the launcher with it; with MVN_GATE it waits there.
    made.tool(
        "mvn",
        """
        echo built >>'%s'
        for a in "$@"; do case $a in -Doutput.folder=*) target=${a#-Doutput.folder=} ;; esac; done
        mkdir -p "$target/lib"
        echo lib >"$target/lib/b.jar"
        [[ -z ${MVN_KILLS:-} ]] || { kill -KILL "$LAUNCHER"; exit 1; }
        [[ -z ${MVN_GATE:-} ]] || read -r -t 60 <>"$MVN_GATE"
        echo native >"$target/lib/pytorch-native-cpu-1.jar"
        echo jar >"$target/realera-1.jar"
        exit ${MVN_EXIT:-0}
        """
            .formatted(made.builds()));
    return made;
  }

  /** A path with a space in it. */
  Path checkout() {
    return temp.resolve("check out");
  }

  Path tools() {
    return temp.resolve("jdk/bin");
  }

  private Path builds() {
    return temp.resolve("builds.log");
  }

  long buildCount() throws IOException {
    return Files.exists(builds()) ? Files.readAllLines(builds()).size() : 0;
  }

  void tool(String name, String script) throws IOException {
    executable(tools().resolve(name), "#!/usr/bin/env bash\n" + script + "\n");
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The system's tools that the launcher needs, less mvn and java. */
  String toolsWithoutMaven() throws IOException {
    return copied("flock");
  }

  /** All that it needs but flock, which is Linux's own; it sleeps for no time, but not for ever. */
  String toolsWithoutFlock() throws IOException {
    String bin = copied("cp", "ln", "ls", "tail");
    String sleep = "printf . >>'%1$s'; slept=$(<'%1$s'); [[ ${#slept} -lt 20000 ]]";
    tool("sleep", sleep.formatted(temp.resolve("slept")));
    return tools() + ":" + bin;
  }

  private String copied(String... more) throws IOException {
    Path bin = Files.createDirectories(temp.resolve("bin"));
    List<String> always =
        List.of(
            "bash",
            "env",
            "find",
            "head",
            "sort",
            "xargs",
            "sha256sum",
            "shasum",
            "cut",
            "dirname",
            "readlink",
            "mkdir",
            "rm",
            "cat",
            "touch",
            "mv",
            "sed");
    for (String name : Stream.concat(always.stream(), Stream.of(more)).toList()) {
      for (String folder : List.of("/usr/bin", "/bin")) {
        if (Files.exists(Path.of(folder, name)) && !Files.exists(bin.resolve(name))) {
          // Not links: JUnit warns about those that lead out of its folder.
          executable(bin.resolve(name), "#!/bin/sh\nexec " + folder + "/" + name + " \"$@\"\n");
        }
      }
    }
    return bin.toString();
  }

  Result run(Map<String, String> env, String... args) throws IOException, InterruptedException {
    return runScript(checkout().resolve("scripts/realera"), temp, env, args);
  }

  Result runScript(Path script, Path directory, Map<String, String> env, String... args)
      throws IOException, InterruptedException {
    return finish(start(script, directory, env, args));
  }

  Process start(Map<String, String> env, String... args) throws IOException {
    return start(checkout().resolve("scripts/realera"), temp, env, args);
  }

  private Process start(Path script, Path directory, Map<String, String> env, String... args)
      throws IOException {
    List<String> bash =
        List.of("bash", "-c", "export LAUNCHER=$$; exec bash \"$@\"", "bash", script.toString());
    List<String> command = Stream.concat(bash.stream(), Stream.of(args)).toList();
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(k -> k.startsWith("REALERA") || k.startsWith("PYTORCH"));
    builder.environment().put("JAVA_HOME", temp.resolve("jdk").toString());
    builder.environment().put("PATH", tools() + ":/usr/bin:/bin");
    builder.environment().putAll(env);
    return builder.start();
  }

  static Result finish(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, err);
  }
}
