package org.realera;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.awt.image.RenderedImage;
import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.attribute.FileAttribute;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.scorer.Scorers;
import org.realera.tensor.Engine;

/** The package graph: who may know whom. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.realera");

  private static void check(ArchRule rule) {
    rule.check(CLASSES); // a rule about a package that is not there fails, too
  }

  /** Each package with those that may use it, from the commands down to the ground floor. */
  @Test
  void packagesDependInOneDirection() {
    String[] belowTheRuns = {
      "cli", "campaign", "eval", "erase", "scorer", "convert", "hub", "attack"
    };
    String[] belowTheMethod = with(belowTheRuns, "method", "training");
    String[] belowTheNetworks = with(belowTheMethod, "closedform", "concept", "diffusion", "text");
    var layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String layer :
        with(belowTheNetworks, "report", "checkpoint", "tensor", "safetensors", "files")) {
      layers = layers.layer(layer).definedBy("org.realera." + layer + "..");
    }
    check(
        layers
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("campaign")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("eval")
            .mayOnlyBeAccessedByLayers("cli", "campaign")
            .whereLayer("erase")
            .mayOnlyBeAccessedByLayers("cli", "campaign")
            .whereLayer("attack")
            .mayOnlyBeAccessedByLayers("cli", "campaign", "eval", "erase")
            .whereLayer("scorer")
            .mayOnlyBeAccessedByLayers("cli", "eval")
            .whereLayer("hub")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("convert")
            .mayOnlyBeAccessedByLayers("cli", "erase")
            .whereLayer("report")
            .mayOnlyBeAccessedByLayers("eval", "erase")
            .whereLayer("method")
            .mayOnlyBeAccessedByLayers("cli", "eval", "erase")
            .whereLayer("training")
            .mayOnlyBeAccessedByLayers("erase", "method", "attack")
            .whereLayer("closedform")
            .mayOnlyBeAccessedByLayers("erase", "method", "attack")
            .whereLayer("concept")
            .mayOnlyBeAccessedByLayers("cli", "erase", "method", "closedform")
            .whereLayer("diffusion")
            .mayOnlyBeAccessedByLayers("cli", "eval", "erase", "scorer", "method", "attack")
            .whereLayer("text")
            .mayOnlyBeAccessedByLayers(
                "cli",
                "eval",
                "erase",
                "scorer",
                "method",
                "attack",
                "diffusion",
                "closedform",
                "concept")
            .whereLayer("checkpoint")
            .mayOnlyBeAccessedByLayers(belowTheNetworks)
            .whereLayer("tensor")
            .mayOnlyBeAccessedByLayers(with(belowTheNetworks, "checkpoint"))
            .whereLayer("safetensors")
            .mayOnlyBeAccessedByLayers(with(belowTheNetworks, "checkpoint", "tensor"))
            .whereLayer("files")
            .mayOnlyBeAccessedByLayers(
                with(belowTheNetworks, "report", "checkpoint", "tensor", "safetensors")));
  }

  @Test
  void pagesKnowRecordsAndNothingOfHowTheyCameAbout() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.realera.report")
            .should()
            .dependOnClassesThat(
                resideInAPackage("org.realera..")
                    .and(resideOutsideOfPackages("org.realera.report", "org.realera.files"))
                    .or(resideInAPackage("ai.djl.."))));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("org.realera.report")
            .should()
            .dependOnClassesThat(resideInAPackage("gg.jte..")));
  }

  /**
   * The temporary folder may be full, or not there; what is needed for a moment stays in memory.
   */
  @Test
  void nothingGoesToTheTemporaryFolder() {
    Class<?> attributes = FileAttribute[].class;
    check(
        noClasses()
            .should()
            .callMethod(Files.class, "createTempFile", String.class, String.class, attributes)
            .orShould()
            .callMethod(Files.class, "createTempDirectory", String.class, attributes)
            .orShould()
            .callMethodWhere(
                target(owner(nameMatching("java.io.File")))
                    .and(target(nameMatching("createTempFile"))))
            .orShould()
            .callMethodWhere(
                target(owner(nameMatching("javax.imageio.ImageIO")))
                    .and(target(nameMatching("read|createImage.*Stream"))))
            .orShould()
            .callMethod(ImageIO.class, "write", RenderedImage.class, String.class, File.class)
            .orShould()
            .callMethod(
                ImageIO.class, "write", RenderedImage.class, String.class, OutputStream.class));
  }

  private static String[] with(String[] some, String... more) {
    return Stream.of(some, more).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void anEvaluationGoesFromSuiteToRunToMetricsToReport() {
    check(
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("eval")
            .definedBy("org.realera.eval")
            .layer("report")
            .definedBy("org.realera.eval.report")
            .layer("metrics")
            .definedBy("org.realera.eval.metrics")
            .layer("run")
            .definedBy("org.realera.eval.run")
            .layer("suite")
            .definedBy("org.realera.eval.suite")
            .whereLayer("eval")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("report")
            .mayOnlyBeAccessedByLayers("eval")
            .whereLayer("metrics")
            .mayOnlyBeAccessedByLayers("eval", "report")
            .whereLayer("run")
            .mayOnlyBeAccessedByLayers("eval", "report", "metrics")
            .whereLayer("suite")
            .mayOnlyBeAccessedByLayers("eval", "report", "metrics", "run"));
  }

  @Test
  void configurationsKnowNothingOfWhereModelsLie() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.realera.checkpoint.architecture")
            .should()
            .dependOnClassesThat(resideInAPackage("org.realera.checkpoint")));
  }

  @Test
  void scorersKnowNothingOfEachOther() {
    String[] each = {"clip", "face", "fid", "nudenet"};
    var layers =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("scorer")
            .definedBy("org.realera.scorer")
            .layer("pixels")
            .definedBy("org.realera.scorer.pixels");
    for (String one : each) {
      layers = layers.layer(one).definedBy("org.realera.scorer." + one);
    }
    layers = layers.whereLayer("scorer").mayNotBeAccessedByAnyLayer();
    for (String one : each) {
      layers = layers.whereLayer(one).mayOnlyBeAccessedByLayers("scorer");
    }
    check(layers);
  }

  @Test
  void imagesMetricsAndPagesOfAnEvaluationNeedNoScorer() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "org.realera.eval.run", "org.realera.eval.metrics", "org.realera.eval.report")
            .should()
            .dependOnClassesThat(resideInAPackage("org.realera.scorer..")));
  }

  /** On the GPU that was asked for; of the kind of device that a run notes, the first is taken. */
  @Test
  void anEvaluationChoosesItsDeviceOnce() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.realera.eval..")
            .should()
            .callMethod(Scorers.class, "compute", String.class)
            .orShould()
            .callMethod(Engine.class, "compute", String.class, String.class));
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("org.realera.(*)..").should().beFreeOfCycles());
    check(slices().matching("org.realera.(**)").should().beFreeOfCycles());
  }

  @Test
  void nothingBelowTheCommandsPrintsOrExits() {
    ArchRule printing =
        noClasses()
            .that()
            .resideOutsideOfPackage("org.realera.cli")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethodWhere(
                target(nameMatching("exit|halt")).and(target(owner(systemOrRuntime()))))
            .orShould()
            .callMethodWhere(target(nameMatching("printStackTrace")));
    check(printing);
  }

  private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> systemOrRuntime() {
    return JavaClass.Predicates.equivalentTo(System.class)
        .or(JavaClass.Predicates.equivalentTo(Runtime.class));
  }

  @Test
  void onlyTheCommandsKnowTheCommandLineParser() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("org.realera.cli")
            .should()
            .dependOnClassesThat(
                resideInAPackage("picocli..").or(resideInAPackage("me.tongfei.."))));
  }

  @Test
  void theCommandsKnowNoDjl() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.realera.cli")
            .should()
            .dependOnClassesThat(resideInAPackage("ai.djl..")));
  }

  @Test
  void aCampaignKnowsRecipesAndResultsButNoNetworks() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.realera.campaign")
            .should()
            .dependOnClassesThat(
                resideInAPackage("ai.djl..").or(resideInAPackage("org.realera.diffusion.."))));
  }

  @Test
  void theGeometryKnowsNoNetworks() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("org.realera.concept", "org.realera.closedform")
            .should()
            .dependOnClassesThat(resideInAPackage("org.realera.diffusion..")));
  }

  /** What it reads beside the model, and what it saves, is its run's. */
  @Test
  void aMethodKnowsNoFilesPagesOrConsole() {
    String[] outside = {
      "java.nio.file..", "java.io..", "org.realera.files", "org.realera.report..", "picocli.."
    };
    check(
        noClasses()
            .that()
            .resideInAPackage("org.realera.method")
            .should()
            .dependOnClassesThat(
                JavaClass.Predicates.resideInAnyPackage(outside)
                    .or(belongToAnyOf(SafetensorsFile.class, SafetensorsWriter.class))));
  }

  @Test
  void recipesKnowNoTensors() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.realera.config")
            .should()
            .dependOnClassesThat(
                resideInAPackage("ai.djl..").or(resideInAPackage("org.realera.tensor.."))));
  }

  @Test
  void theTensorPackageAloneKnowsTheEngineBehindDjl() {
    check(
        classes()
            .that()
            .resideOutsideOfPackages("org.realera.tensor", "ai.djl..")
            .should(
                com.tngtech.archunit.lang.conditions.ArchConditions.not(
                    com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat(
                        resideInAPackage("ai.djl.pytorch..")))));
  }

  /**
   * What is read is data. A TorchScript file is a program: only one whose digest is known is run.
   */
  @Test
  void noProgramOfAFileIsRun() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(
                resideInAPackage("javax.script..")
                    .or(resideInAPackage("java.beans.."))
                    .or(JavaClass.Predicates.assignableTo(java.io.ObjectInputStream.class)))
            .orShould()
            .callMethodWhere(
                target(
                    nameMatching(
                        "registerCustomOpLibrary|loadLibrary|exec|activateDefaultTyping"
                            + "|enableDefaultTyping|loadClass")))
            .orShould()
            .callConstructor(ProcessBuilder.class, String[].class));
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("org.realera.scorer.fid.Inception")
            .should()
            .callMethodWhere(
                target(nameMatching("known"))
                    .and(
                        target(
                            owner(
                                JavaClass.Predicates.equivalentTo(
                                    org.realera.tensor.TorchScript.class))))));
  }

  @Test
  void everyPackageIsNullMarked() {
    var unmarked = new TreeSet<String>();
    for (JavaClass c : CLASSES) {
      JavaPackage home = c.getPackage();
      if (home.getName().startsWith("org.realera") && !home.isAnnotatedWith(NullMarked.class)) {
        unmarked.add(home.getName());
      }
    }
    assertThat(unmarked).isEmpty();
  }
}
