package org.realera.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.RealeraException;

/** Weights that are spread over several safetensors files by an {@code *.index.json}. */
public final class ShardedWeights implements Weights {
  private final Path index;
  private final List<SafetensorsFile> shards;
  private final Map<String, SafetensorsFile> shardOf = new HashMap<>();
  private final SortedMap<String, TensorInfo> tensors;

  private ShardedWeights(Path index, List<SafetensorsFile> shards) {
    this.index = index;
    this.shards = shards;
    SortedMap<String, TensorInfo> all = new TreeMap<>();
    for (SafetensorsFile shard : shards) {
      for (TensorInfo info : shard.inFileOrder()) {
        SafetensorsFile other = shardOf.put(info.name(), shard);
        if (other != null) {
          throw SafetensorsFile.damaged(
              index,
              "tensor %s is in two files, %s and %s"
                  .formatted(
                      SafetensorsHeader.printable(info.name()),
                      other.path().getFileName(),
                      shard.path().getFileName()));
        }
        all.put(info.name(), info);
      }
    }
    this.tensors = Collections.unmodifiableSortedMap(all);
  }

  /**
   * Opens the weights of one component, as diffusers and transformers name them: the plain file or
   * its index, else the fp16 variant of either.
   *
   * @param baseName {@code diffusion_pytorch_model} or {@code model}
   * @throws RealeraException not found, naming what was looked for; or damaged
   */
  public static Weights open(Path folder, String baseName) {
    WeightFiles files = WeightFiles.find(folder, baseName);
    if (files.index().isEmpty()) {
      return SafetensorsFile.open(files.files().get(0));
    }
    Path index = files.index().get();
    List<SafetensorsFile> shards = new ArrayList<>();
    boolean opened = false;
    try {
      for (Path file : files.files()) {
        shards.add(SafetensorsFile.open(file));
      }
      ShardedWeights weights = new ShardedWeights(index, shards);
      weights.checkIndex(WeightFiles.readIndex(index));
      opened = true;
      return weights;
    } finally {
      if (!opened) {
        shards.forEach(SafetensorsFile::close);
      }
    }
  }

  private void checkIndex(Map<String, String> weightMap) {
    weightMap.forEach(
        (name, file) -> {
          SafetensorsFile shard = shardOf.get(name);
          if (shard == null || !String.valueOf(shard.path().getFileName()).equals(file)) {
            throw SafetensorsFile.damaged(
                index,
                "tensor %s should be in %s, found %s"
                    .formatted(
                        SafetensorsHeader.printable(name),
                        file,
                        shard == null ? "in no file" : "in " + shard.path().getFileName()));
          }
        });
  }

  @Override
  public SortedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public NDArray read(String name, NDManager scope) {
    return shard(name).read(name, scope);
  }

  @Override
  public TensorSource.Stored stored(String name) {
    return shard(name).stored(name);
  }

  private SafetensorsFile shard(String name) {
    SafetensorsFile shard = shardOf.get(name);
    if (shard == null) {
      throw SafetensorsFile.damaged(index, "it has no tensor " + SafetensorsHeader.printable(name));
    }
    return shard;
  }

  @Override
  public String source() {
    return index.toString();
  }

  @Override
  public void close() {
    shards.forEach(SafetensorsFile::close);
  }
}
