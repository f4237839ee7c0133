package dev.zooflow;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The law of the house: who may import whom, and why. */
class ArchitectureTest {

    private static final String ROOT = "dev.zooflow.";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.zooflow");

    /** What each package may import of ours; arrows go down only. */
    private static final Map<String, List<String>> LAYERS = new LinkedHashMap<>();

    static {
        layer("tensor");
        layer("graph", "tensor");
        layer("experiment", "graph");
        layer("manifold", "tensor");
        layer("transport", "tensor", "manifold");
        layer("data", "experiment", "tensor");
        layer("rebasin", "graph", "transport", "tensor");
        layer("flow", "manifold", "transport", "tensor");
        layer("nn", "flow", "graph", "experiment", "tensor");
        layer("zoo", "exchange", "graph", "data", "experiment", "tensor");
        layer("model", "flow", "nn", "rebasin", "manifold", "transport", "graph", "experiment", "tensor");
        layer("eval", "graph", "zoo", "data", "transport", "rebasin", "experiment", "tensor");
        layer("bench", "model", "nn", "flow", "zoo", "data", "rebasin", "graph", "experiment", "tensor");
        layer("message", "graph", "experiment");
        layer("exchange", "message", "graph", "experiment");
        layer("blob", "message", "experiment");
        layer("kafka", "message", "experiment");
        layer("health", "message", "experiment");
        layer("notify", "message", "experiment");
        layer("mlflow", "message", "experiment");
        layer(
                "actor",
                "message",
                "model",
                "eval",
                "zoo",
                "data",
                "rebasin",
                "transport",
                "manifold",
                "nn",
                "flow",
                "graph",
                "experiment",
                "tensor");
        layer("report", "exchange", "eval", "experiment", "message", "graph");
        layer("dashboard", "report", "experiment", "message");
    }

    private static void layer(String name, String... below) {
        LAYERS.put(name, Arrays.asList(below));
    }

    @TestFactory
    List<DynamicTest> packagesImportOnlyWhatLiesBelowThem() {
        return LAYERS.entrySet().stream()
                .map(layer -> DynamicTest.dynamicTest(
                        layer.getKey(),
                        () -> noClasses()
                                .that()
                                .resideInAPackage(ROOT + layer.getKey() + "..")
                                .should()
                                .dependOnClassesThat(ours().and(DescribedPredicate.not(inOneOf(layer))))
                                .because("one idea per package, and arrows go down only: " + layer)
                                .allowEmptyShould(true)
                                .check(CLASSES)))
                .toList();
    }

    private static DescribedPredicate<JavaClass> ours() {
        return JavaClass.Predicates.resideInAPackage("dev.zooflow..");
    }

    private static DescribedPredicate<JavaClass> inOneOf(Map.Entry<String, List<String>> layer) {
        Set<String> allowed = new TreeSet<>(Set.of(inRoot(layer.getValue().toArray(String[]::new))));
        allowed.add(ROOT + layer.getKey() + "..");
        return JavaClass.Predicates.resideInAnyPackage(allowed.toArray(String[]::new));
    }

    @Test
    void everyPackageHasItsPlaceInTheLaw() {
        Set<String> packages = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(ROOT))
                .map(name -> name.substring(ROOT.length()).split("\\.", -1)[0])
                .collect(Collectors.toCollection(TreeSet::new));
        packages.remove("app"); // wires everything, so it may import everything
        assertThat(LAYERS.keySet()).containsAll(packages);
    }

    @Test
    void noCycles() {
        slices().matching("dev.zooflow.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a cycle is two packages that are really one")
                .check(CLASSES);
    }

    @Test
    void recordedMathematicsDoesNotMultiplyByJavaNumbers() {
        for (String operation : List.of("mul", "div", "pow")) {
            noClasses()
                    .that()
                    .resideInAnyPackage(inRoot("nn", "flow", "manifold", "model", "rebasin"))
                    .should()
                    .callMethod(NDArray.class, operation, Number.class)
                    .because("libtorch remembers the number for the backward pass after its buffer may be gone;"
                            + " Autograd.scale keeps it")
                    .check(CLASSES);
        }
    }

    @Test
    void onlyActorsKnowPekko() {
        onlyIn("org.apache.pekko..", "concurrency has one model, and computation does not know it", "actor", "app");
    }

    @Test
    void onlyTheAdapterKnowsKafka() {
        onlyIn(
                "org.apache.kafka..",
                "everything else talks to the ports, so that tests need no broker and Kafka can be replaced",
                "kafka");
        onlyIn("kafka..", "the embedded broker is the adapter's business", "kafka");
    }

    @Test
    void onlyTheEndpointMeasures() {
        onlyIn(
                "io.micrometer..",
                "figures are made from events that are published anyway, so nothing else need know who counts",
                "health");
    }

    @Test
    void onlyOnePackageKnowsTheObjectStorage() {
        onlyIn(
                "software.amazon..",
                "everything else talks to the port, as blobs may as well lie in a directory",
                "blob");
    }

    @Test
    void onlyTheEdgesKnowJackson() {
        onlyIn(
                "com.fasterxml.jackson..",
                "JSON is a format of what crosses a process or goes to a person, nothing that mathematics knows",
                "message",
                "experiment",
                "notify",
                "mlflow",
                "report",
                "dashboard",
                "app");
    }

    @Test
    void onlyTheDashboardKnowsItsServer() {
        onlyIn("io.undertow..", "what is shown of runs does not depend on how it gets to a browser", "dashboard");
    }

    @Test
    void weightsCrossProcessesAsJavaArrays() {
        noNativeArrays(
                "an NDArray lives in the native memory of one process", "message", "kafka", "experiment", "report");
    }

    @Test
    void messagesOfActorsHoldNoNativeArrays() {
        noNativeArrays("an NDArray in a message would outlive its manager, or leak from it", "actor");
    }

    private static void noNativeArrays(String reason, String... packages) {
        noClasses()
                .that()
                .resideInAnyPackage(inRoot(packages))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .because(reason)
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineKnowsPicocli() {
        onlyIn("picocli..", "options are translated to settings at the edge", "app");
    }

    private static void onlyIn(String library, String reason, String... packages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(inRoot(packages))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .because(reason)
                .check(CLASSES);
    }

    private static String[] inRoot(String... packages) {
        return Arrays.stream(packages).map(name -> ROOT + name + "..").toArray(String[]::new);
    }
}
