package org.realera;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
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
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The package graph: who may know whom. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.realera");

  private static void check(ArchRule rule) {
    rule.check(CLASSES); // a rule about a package that is not there fails, too
  }

  @Test
  void packagesDependInOneDirection() {
    check(
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("cli")
            .definedBy("org.realera.cli")
            .layer("eval")
            .definedBy("org.realera.eval..")
            .layer("scorer")
            .definedBy("org.realera.scorer..")
            .layer("erase")
            .definedBy("org.realera.erase")
            .layer("alignment")
            .definedBy("org.realera.alignment")
            .layer("diffusion")
            .definedBy("org.realera.diffusion")
            .layer("closedform")
            .definedBy("org.realera.closedform")
            .layer("concept")
            .definedBy("org.realera.concept")
            .layer("text")
            .definedBy("org.realera.text")
            .layer("hub")
            .definedBy("org.realera.hub")
            .layer("convert")
            .definedBy("org.realera.convert")
            .layer("checkpoint")
            .definedBy("org.realera.checkpoint..")
            .layer("page")
            .definedBy("org.realera.page")
            .layer("tensor")
            .definedBy("org.realera.tensor")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("eval")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("scorer")
            .mayOnlyBeAccessedByLayers("cli", "eval")
            .whereLayer("hub")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("convert")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("page")
            .mayOnlyBeAccessedByLayers("eval", "erase")
            .whereLayer("erase")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("alignment")
            .mayOnlyBeAccessedByLayers("cli", "eval", "erase")
            .whereLayer("diffusion")
            .mayOnlyBeAccessedByLayers("cli", "eval", "scorer", "erase", "alignment")
            .whereLayer("closedform")
            .mayOnlyBeAccessedByLayers("cli", "eval", "erase", "alignment")
            .whereLayer("concept")
            .mayOnlyBeAccessedByLayers("cli", "eval", "erase", "alignment", "closedform")
            .whereLayer("text")
            .mayOnlyBeAccessedByLayers(
                "cli",
                "eval",
                "scorer",
                "erase",
                "alignment",
                "diffusion",
                "concept",
                "closedform"));
  }

  @Test
  void anEvaluationGoesFromSuiteToRunToFiguresToReport() {
    check(
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("eval")
            .definedBy("org.realera.eval")
            .layer("report")
            .definedBy("org.realera.eval.report")
            .layer("figures")
            .definedBy("org.realera.eval.figures")
            .layer("run")
            .definedBy("org.realera.eval.run")
            .layer("suite")
            .definedBy("org.realera.eval.suite")
            .whereLayer("eval")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("report")
            .mayOnlyBeAccessedByLayers("eval")
            .whereLayer("figures")
            .mayOnlyBeAccessedByLayers("eval", "report")
            .whereLayer("run")
            .mayOnlyBeAccessedByLayers("eval", "report", "figures")
            .whereLayer("suite")
            .mayOnlyBeAccessedByLayers("eval", "report", "figures", "run"));
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
  void picturesFiguresAndPagesOfAnEvaluationNeedNoScorer() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "org.realera.eval.run", "org.realera.eval.figures", "org.realera.eval.report")
            .should()
            .dependOnClassesThat(resideInAPackage("org.realera.scorer..")));
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
  void theGeometryKnowsNoNetworks() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("org.realera.concept", "org.realera.closedform")
            .should()
            .dependOnClassesThat(resideInAPackage("org.realera.diffusion..")));
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
