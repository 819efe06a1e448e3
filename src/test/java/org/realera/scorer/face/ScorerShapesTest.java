package org.realera.scorer.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;
import org.realera.scorer.ScorerGolden;
import org.realera.tensor.Compute;
import org.realera.tensor.Precision;

/** The header of a celebrity detector's file says at once that a network can't be of it. */
class ScorerShapesTest {
  private static final Compute CPU = new Compute(Device.cpu(), Precision.FP32);
  private static final String REMEDY = "Make the file with scripts/scorers/convert_celebrity.py.";

  /** Names and shapes of a whole detector for ten people, and not a number. */
  private record Header(SortedMap<String, TensorInfo> tensors) implements Weights {
    static Header whole() {
      Header header = new Header(new TreeMap<>());
      try (SafetensorsFile faces =
          SafetensorsFile.open(ScorerGolden.file("celebrity/mtcnn.safetensors"))) {
        header.tensors.putAll(faces.tensors());
      }
      for (JsonNode tensor : ScorerGolden.json("celebrity/resnet.json").get("tensors")) {
        List<Long> shape = new ArrayList<>();
        tensor.get(1).forEach(size -> shape.add(size.longValue()));
        header.put("resnet." + tensor.get(0).asText(), DType.F32, shape);
      }
      header.put("resnet.fc1.weight", DType.F32, List.of(256L, 2048L));
      header.put("resnet.fc1.bias", DType.F32, List.of(256L));
      header.put("resnet.fc2.weight", DType.F32, List.of(10L, 256L));
      header.put("resnet.fc2.bias", DType.F32, List.of(10L));
      return header;
    }

    void put(String name, DType dtype, List<Long> shape) {
      tensors.put(name, new TensorInfo(name, dtype, shape));
    }

    @Override
    public NDArray read(String name, NDManager scope) {
      throw new IllegalStateException("nothing is read of " + name);
    }

    @Override
    public TensorSource.Stored stored(String name) {
      throw new IllegalStateException("nothing is read of " + name);
    }

    @Override
    public String source() {
      return "celebrity.safetensors";
    }

    @Override
    public void close() {}
  }

  private static RealeraException refused(Header header, boolean faces) {
    return catchThrowableOfType(
        RealeraException.class,
        () -> {
          if (faces) {
            Mtcnn.load(header, CPU).close();
          } else {
            CelebrityNetwork.load(header, CPU).close();
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "MTCNN                | pnet.conv1.bias                | F32 | none    | [], expected [10]",
        "MTCNN                | rnet.dense4.weight             | F32 | 128 575 | [128, 575], expected [128, 576]",
        "MTCNN                | onet.prelu5.weight             | F32 | 1       | [1], expected [256]",
        "MTCNN                | onet.dense6_1.bias             | I32 | 2       | I32, expected numbers",
        "celebrity classifier | resnet.conv1.weight            | F32 | 64 3 7  | [64, 3, 7], expected [64, 3, 7, 7]",
        "celebrity classifier | resnet.layer2.0.downsample.0.weight | F32 | 512 512 1 1 | [512, 512, 1, 1], expected [512, 256, 1, 1]",
        "celebrity classifier | resnet.layer4.2.bn3.running_var | F32 | 64     | [64], expected [2048]",
        "celebrity classifier | resnet.fc1.bias                | F32 | 255     | [255], expected [256]",
        "celebrity classifier | resnet.fc2.weight              | F32 | none    | [], expected [1, 256]",
        "celebrity classifier | resnet.fc2.weight              | F32 | 3000000000 0 | [3000000000, 0], expected [3000000000, 256]"
      })
  void aTensorOfAnotherShapeOrTypeIsNamed(
      String network, String name, String type, String shape, String found) {
    Header header = Header.whole();
    List<Long> sizes =
        shape == null ? List.of() : Arrays.stream(shape.split(" ")).map(Long::valueOf).toList();
    header.put(name, DType.valueOf(type), sizes);
    RealeraException e = refused(header, network.equals("MTCNN"));
    assertThat(e)
        .hasMessage(
            "celebrity.safetensors holds no " + network + ": the tensor " + name + " is " + found);
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e.remedy()).isEqualTo(REMEDY);
  }

  @ParameterizedTest
  @CsvSource({"MTCNN, onet.dense6_2.bias", "celebrity classifier, resnet.fc2.bias"})
  void aTensorThatIsMissingIsNamed(String network, String name) {
    Header header = Header.whole();
    header.tensors().remove(name);
    assertThat(refused(header, network.equals("MTCNN")))
        .hasMessage(
            "celebrity.safetensors holds no " + network + ": the tensor " + name + " is missing");
  }
}
