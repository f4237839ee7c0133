package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every key of {@code reference.conf} is known, as it is written, and explained. */
class ReferenceTest {

    private static List<Reference.Entry> entries(String prefix) {
        return Reference.read().beginningWith(prefix);
    }

    private static List<String> paths(Reference.Entry entry) {
        return entry.keys().stream().map(Reference.Key::path).toList();
    }

    @Test
    void everyKeyIsExplained() {
        assertThat(entries(""))
                .hasSizeGreaterThan(150)
                .allSatisfy(entry -> assertThat(entry.explanation())
                        .as("no comment above %s", paths(entry))
                        .isNotEmpty()
                        .noneMatch(String::isBlank));
    }

    /** Whoever adds a key below another one, without a comment, says more of that one than is meant. */
    @Test
    void onlyTheseShareAnExplanation() {
        assertThat(entries("").stream()
                        .filter(entry -> entry.keys().size() > 1)
                        .map(ReferenceTest::paths)
                        .filter(paths -> !paths.get(0).matches("transfer\\.(task|guidance|refine)\\..*")))
                .containsExactly(
                        List.of("budgets", "budget"),
                        List.of("task.validation-fraction", "task.test-fraction"),
                        List.of("task.train-images", "task.train-labels", "task.test-images", "task.test-labels"),
                        List.of("zoo.gaussian-mean", "zoo.gaussian-std"),
                        List.of("flow.training.steps", "flow.training.time"),
                        List.of("sampling.guidance.schedule", "sampling.guidance.from", "sampling.guidance.to"),
                        List.of(
                                "publication.accuracy",
                                "publication.accuracy-std",
                                "publication.loss",
                                "publication.loss-std"));
    }

    @Test
    void theLinesAreAllDefaultsInHocon() {
        String lines = entries("").stream()
                .flatMap(entry -> entry.keys().stream())
                .filter(key -> key.value().isPresent())
                .map(Reference.Key::line)
                .collect(Collectors.joining("\n"));
        Config defaults = ConfigFactory.parseResources("reference.conf")
                .withOnlyPath("zooflow")
                .resolve();
        ConfigObject wanted = defaults.withoutPath("zooflow.experiment")
                .withFallback(defaults.getConfig("zooflow.experiment"))
                .root();
        assertThat(ConfigFactory.parseString(lines).root()).isEqualTo(wanted);
        assertThat(lines).contains("learning-rate = 2e-3", "time = 60 s", "delimiter = \",\"", "label = \"-1\"");
    }

    @Test
    void whatIsSubstitutedIsExplainedWhereItComesFrom() {
        assertThat(entries("transfer.task.kind").get(0).explanation())
                .isEqualTo(entries("task.kind").get(0).explanation());
        assertThat(entries("transfer.task").get(0).keys())
                .singleElement()
                .extracting(Reference.Key::line)
                .isEqualTo("transfer.task { … }");
        assertThat(entries("transfer.guidance.strength"))
                .singleElement()
                .satisfies(
                        entry -> assertThat(entry.keys().get(0).line()).isEqualTo("transfer.guidance.strength = 1.0"))
                .satisfies(entry -> assertThat(entry.explanation()).isNotEmpty());
    }

    @Test
    void aPrefixSelectsAmongKeysThatShareAnExplanation() {
        assertThat(entries("flow.training.time"))
                .singleElement()
                .satisfies(entry -> assertThat(paths(entry)).containsExactly("flow.training.time"))
                .satisfies(entry -> assertThat(entry.explanation()).isNotEmpty());
        assertThat(entries("flow.training"))
                .flatExtracting(ReferenceTest::paths)
                .allMatch(path -> path.startsWith("flow.training."));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    flow.trianing | Maybe flow.training?
                    flows.0.training.steps | Maybe flow.training.steps?
                    Zoo | Maybe zoo?
                    flow.training.learning_rate | Maybe flow.training.learning-rate?
                    lock-duration | Maybe zooflow.kafka.lock-duration?
                    grace-period | Maybe one of sweep.early-terminate.median.grace-period, \
                    sweep.early-terminate.asha.grace-period, sweep.early-terminate.hyperband.grace-period?
                    xyzzy xyzzy xyzzy | Maybe one of name, budgets, budget, seed, task, network, zoo, flows, flow, sweep, \
                    samplings, sampling, evaluation, transfer, published, publication, zooflow?
                    """)
    void whatNoKeyBeginsWithIsAnErrorThatNamesOthers(String prefix, String remedy) {
        assertThatThrownBy(() -> entries(prefix))
                .isInstanceOf(UserError.class)
                .hasMessage("prefix (%s) begins no key. %s", prefix, remedy)
                .extracting(e -> ((UserError) e).exitCode())
                .isEqualTo(UserError.USAGE);
    }
}
