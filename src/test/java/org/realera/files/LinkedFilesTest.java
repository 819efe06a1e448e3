package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class LinkedFilesTest {
  private static final String BLOB = "a".repeat(64);

  @TempDir private Path temp;
  private Path model;
  private Path secret;

  @BeforeEach
  void aModel() throws IOException {
    model = Files.createDirectories(temp.resolve("model"));
    Files.writeString(Files.createDirectories(model.resolve("unet")).resolve("config.json"), "{}");
    secret = Files.writeString(Files.createDirectory(temp.resolve("home")).resolve("secret"), "x");
  }

  @Test
  void linksWithinTheFolderAreFollowed() throws IOException {
    link("other.json", Path.of("unet/config.json"));
    link("unet2", Path.of("unet"));
    assertThat(names(model)).containsExactly("other.json", "unet/config.json", "unet2/config.json");
    // The folder itself may be a link: it is the user who names it.
    Path named = Files.createSymbolicLink(temp.resolve("named"), model);
    assertThat(names(named)).hasSize(3);
  }

  @Test
  void linksOutOfItAreRefused() throws IOException {
    for (Path target :
        List.of(
            secret, secret.getParent(), Path.of("../home/secret"), Path.of("unet/../../home"))) {
      Path link = link("notes.txt", target);
      refused(
          model,
          "notes.txt is a link that leads out of the model's folder, to " + temp.toRealPath());
      Files.delete(link);
    }
    // By way of a link that stays within.
    link("unet/out", secret);
    refused(model, "unet/out is a link that leads out");
    // A folder whose name only begins as the model's does.
    Files.delete(model.resolve("unet/out"));
    link("x", Files.createDirectory(temp.resolve("model2")));
    refused(model, "x is a link that leads out");
  }

  @Test
  void linksBackAreRefused() throws IOException {
    link("self", Path.of("."));
    refused(model, "self is a link back to a folder that it is in");
    Files.delete(model.resolve("self"));
    link("unet/up", Path.of(".."));
    refused(model, "unet/up is a link back");
  }

  @Test
  void aLinkThatLeadsNowhereIsMissing() throws IOException {
    link("gone", Path.of("nothing"));
    assertThatThrownBy(() -> LinkedFiles.list(model, Set.of()))
        .hasMessageContaining("gone (a link whose target is gone) is missing");
  }

  @Test
  void foldersThatAreNoPartAreNotLookedInto() throws IOException {
    Files.createSymbolicLink(Files.createDirectory(model.resolve(".git")).resolve("out"), secret);
    assertThat(LinkedFiles.list(model, Set.of(".git"))).hasSize(1);
  }

  @Test
  void aSnapshotLinksToItsBlobs() throws IOException {
    Path snapshot = snapshot(Files.createDirectories(temp.resolve("hub/models--a--b/blobs")));
    assertThat(names(snapshot)).containsExactly("config.json");
    Files.createSymbolicLink(snapshot.resolve("out"), secret);
    refused(snapshot, "out is a link that leads out");
  }

  @Test
  void theBlobsMayLieOnAnotherDiskButAreBlobs() throws IOException {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    Path blobs = Files.createDirectories(temp.resolve("hub/models--a--b")).resolve("blobs");
    Path snapshot = snapshot(Files.createSymbolicLink(blobs, disk));
    assertThat(names(snapshot)).containsExactly("config.json");
    // Such a cache can be made so that its blobs are somebody's home.
    Files.writeString(disk.resolve("id_rsa"), "key");
    Files.createSymbolicLink(snapshot.resolve("key"), Path.of("../../blobs/id_rsa"));
    refused(snapshot, "key is a link that leads out");
  }

  private static Path snapshot(Path blobs) throws IOException {
    Files.writeString(blobs.resolve(BLOB), "{}");
    Path snapshot = Files.createDirectories(blobs.resolveSibling("snapshots/c0ffee"));
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/" + BLOB));
    return snapshot;
  }

  private Path link(String name, Path target) throws IOException {
    return Files.createSymbolicLink(model.resolve(name), target);
  }

  private static List<String> names(Path root) {
    return LinkedFiles.list(root, Set.of()).stream()
        .map(file -> root.relativize(file).toString())
        .toList();
  }

  private static void refused(Path root, String message) {
    assertThatThrownBy(() -> LinkedFiles.list(root, Set.of()))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining(message);
  }
}
