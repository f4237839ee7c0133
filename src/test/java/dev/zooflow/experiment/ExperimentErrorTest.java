package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the user reads when a file is wrong: one line with file, line, key, value, problem and remedy. */
class ExperimentErrorTest {

    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    zoo.epochz = 5               | zoo.epochz (5) is not a known key. Maybe zoo.epochs?
                    epochs = 5                   | epochs (5) is not a known key. Maybe zoo.epochs?
                    learning_rate = 1            | learning_rate (1) is not a known key. Maybe flow.training.learning-rate?
                    flows = [{nam = x}]          | flows.0.nam (x) is not a known key. Maybe flows.0.name?
                    flows = [{name = x, backbone.with = 3}] | flows.0.backbone.with (3) is not a known key. Maybe flows.0.backbone.width?
                    flow.training.tyme = 5 s     | flow.training.tyme (5 s) is not a known key. Maybe flow.training.time?
                    sampling.qqqqqqqq = {}       | sampling.qqqqqqqq ({…}) is not a known key. Maybe one of atol, checkpoint-networks, guidance, hidden, name, networks, noise, noise-from, refine, rtol, solver, steps, truncation?
                    zoo = 5                      | zoo (5) is a number, not a block of keys. Maybe zoo { … }?
                    flows = [geometric]          | flows.0 (geometric) is a text, not a block of keys. Maybe { name = geometric }?
                    flows = geometric            | flows (geometric) is not a list. Maybe [{ name = geometric }]?
                    flows = []                   | flows ([]) is empty. Maybe [{ name = geometric }]?
                    flows = [{name = a}, {name = a}] | flows.1.name (a) is the name of two flows. Maybe a-2?
                    flows = [{geometry = euclidean}] | flows.0.name ("") is empty. Maybe name = euclidean?
                    flows = [{name = "My Flow"}] | flows.0.name (My Flow) may hold only a-z, 0-9, '.', '_' and '-' and begins with a letter or digit. Maybe my-flow?
                    name = "Über/../x"           | name (Über/../x) may hold only a-z, 0-9, '.', '_' and '-' and begins with a letter or digit. Maybe ber-..-x?
                    flow.geometry = geodesic     | flows.0.geometry (geodesic) is none of euclidean, normalized, geometric. Maybe geometric?
                    flow.coupling = magic        | flows.0.coupling (magic) is none of independent, optimal-transport, trajectory, permutation-aware, permutation-aware-transport. Maybe independent, or optimal-transport, or trajectory, or permutation-aware, or permutation-aware-transport?
                    zoo.kind = gaussian, flow.coupling = trajectory | flows.0.coupling (trajectory) needs initial weights, which are known only of a zoo that is trained here. Maybe independent?
                    zoo { kind = imported, path = x }, flow.coupling = trajectory | flows.0.coupling (trajectory) needs initial weights, which are known only of a zoo that is trained here. Maybe independent?
                    zoo.kind = imported          | zoo.kind (imported) needs zoo.path, which is empty. Maybe zoo.path = my-networks?
                    zoo { kind = imported, path = " " } | zoo.kind (imported) needs zoo.path, which is empty. Maybe zoo.path = my-networks?
                    zoo.kind = improted          | zoo.kind (improted) is none of trained, gaussian, imported. Maybe imported?
                    flow.alignment = sinkhorn    | flows.0.alignment (sinkhorn) is none of weight-matching, sinkhorn-l2, sinkhorn-mid-point, sinkhorn-random-point, none. Maybe sinkhorn-l2?
                    flow.alignment-reference = last | flows.0.alignment-reference (last) is none of mean, first. Maybe mean, or first?
                    flow.training.time = 60      | flows.0.training.time (60) has no unit. Maybe 60 s?
                    flow.training.time = 5 parsecs | flows.0.training.time (5 parsecs) is no duration. Maybe 90 s, 15 m or 2 h?
                    flow.training.time = -5 s    | flows.0.training.time (-5 s) is outside [0, 365 days]. Maybe 60 s?
                    flow.training { time = 0, steps = 0 } | flows.0.training.time (0) leaves the training without an end: steps and time are both 0. Maybe time = 60 s?
                    flow.training.save-every = 60 | flows.0.training.save-every (60) has no unit. Maybe 60 s?
                    flow.backbone.heads = 5      | flows.0.backbone.heads (5) does not fit: 5 heads don't divide width 32. Maybe heads = 4?
                    flow.backbone.kind = flats    | flows.0.backbone.kind (flats) is none of relational-transformer, pna, neuron-transformer, flat. Maybe flat?
                    flow.backbone { kind = neuron-transformer, heads = 5 } | flows.0.backbone.heads (5) does not fit: 5 heads don't divide width 32. Maybe heads = 4?
                    flow.backbone.dropout = 0.1  | flows.0.backbone.dropout (0.1) does not act on a relational-transformer. Maybe 0, or kind = neuron-transformer?
                    flow.backbone { kind = flat, dropout = 1 } | flows.0.backbone.dropout (1) is outside [0, 1). Maybe 0.99?
                    flow { geometry = euclidean, backbone.pca-components = 9 } | flows.0.backbone.pca-components (9) describe weights as no weight graph and no sphere. Maybe 0, or kind = flat and geometry = euclidean?
                    flow.backbone { kind = flat, pca-components = 9 } | flows.0.backbone.pca-components (9) describe weights as no weight graph and no sphere. Maybe 0, or kind = flat and geometry = euclidean?
                    network.hidden = [16, 0]     | network.hidden (0) is outside [1, 65536]. Maybe 1?
                    network.hidden = [70000]     | network.hidden (70000) is outside [1, 65536]. Maybe 65536?
                    network.hidden = [20000, 20000] | network.hidden ([20000,20000]) is impossible: widths ([64, 20000, 20000, 10]) make 401,520,010 parameters, more than 100 million. Maybe [16, 16]?
                    network.hidden = 16          | network.hidden (16) is a number, not a list. Maybe [16, 16]?
                    network.hidden = [1.5]       | network.hidden (1.5) is not a whole number. Maybe 2?
                    network.activation = tanh    | network.activation (tanh) does not bear the rescaling of neurons by flows.0.geometry, geometric. Maybe relu, or geometry = euclidean?
                    zoo.epochs = many            | zoo.epochs (many) is not a number. Maybe a typing error?
                    zoo.epochs = 7               | zoo.epochs (7) is not above zoo.burn-in-epochs, 10. Maybe also zoo.burn-in-epochs = 3?
                    zoo { epochs = 9, burn-in-epochs = 9 } | zoo.burn-in-epochs (9) leaves none of 9 epochs for snapshots. Maybe 4?
                    zoo.held-out-trajectories = 1 | zoo.held-out-trajectories (1) is outside [2, 1000000]. Maybe 2?
                    zoo.momentum = 1             | zoo.momentum (1) is outside [0, 1). Maybe 0.99?
                    zoo.learning-rate = 0        | zoo.learning-rate (0) is outside (0, 100]. Maybe leave the key out?
                    zoo.optimizer = null         | zoo.optimizer (null) is a null, not a text. Maybe put it in quotes?
                    sampling.networks = 0        | sampling.networks (0) is outside [2, 1000000]. Maybe 2?
                    sampling.noise-from = 1.5    | sampling.noise-from (1.5) is outside [0, 1]. Maybe 1?
                    sampling.guidance.strenght = 1 | sampling.guidance.strenght (1) is not a known key. Maybe sampling.guidance.strength?
                    sampling.guidance.strength = -1 | sampling.guidance.strength (-1) is outside [0, 1000000]. Maybe 0?
                    sampling.guidance.schedule = cosin | sampling.guidance.schedule (cosin) is none of constant, linear, cosine. Maybe cosine?
                    sampling.guidance.at = x0    | sampling.guidance.at (x0) is none of xt, x1. Maybe xt?
                    sampling.guidance.normalise = unit | sampling.guidance.normalise (unit) is none of none, velocity, initial, block. Maybe none, or velocity, or initial, or block?
                    sampling.guidance { from = 0.5, to = 0.5 } | sampling.guidance.from (0.5) is not below to, 0.5. Maybe 0?
                    sampling.guidance.to = 0     | sampling.guidance.to (0) is not above from, 0.0. Maybe 1?
                    sampling.refine.steps = 0.5  | sampling.refine.steps (0.5) is not a whole number. Maybe 1?
                    evaluation.refinement = 5    | evaluation.refinement (5) is a number, not a list. Maybe [16, 16]?
                    evaluation.refinement = [0]  | evaluation.refinement (0) is outside [1, 1000000]. Maybe 1?
                    sweep.metric.name = accuracy | sweep.metric.name (accuracy) is no value of scores.json that generated networks always have. Maybe accuracy_mean?
                    sweep.metric.name = validation_loss | sweep.metric.name (validation_loss) is no value of scores.json that generated networks always have. Maybe loss_mean?
                    sweep.metric.name = bma_ece_7 | sweep.metric.name (bma_ece_7) is no value of scores.json that generated networks always have. Maybe one of accuracy_mean, accuracy_std, loss_mean, loss_std, nn_ratio_mean, z_u, copy_rate, error_similarity_mean, novel_performant_050, novel_performant_075, novel_performant_100, dispersion, diversity, disagreement?
                    transfer.tsk = {}            | transfer.tsk ({…}) is not a known key. Maybe transfer.task?
                    transfer { task { kind = csv } } | transfer.task.kind (csv) needs transfer.task.file, which is empty. Maybe transfer.task.file = data.csv?
                    transfer.task.kind = mnist   | transfer.task.kind (mnist) has 784 inputs and 10 classes, but the zoo's task 64 and 10. Maybe also transfer.task.image-size = 8?
                    transfer.task.kind = spirals | transfer.task.kind (spirals) has 2 inputs and 3 classes, but the zoo's task 64 and 10. Maybe also transfer.task.image-size = 8?
                    transfer {}, flow.transfer.networks = 3 | flow.transfer.networks (3) is not a known key. Maybe transfer.networks?
                    flows = [{ name = a, transfer.refine.steps = 3 }] | flows.0.transfer ({"refine":{"steps":3}}) is of an experiment without another task. Maybe also transfer { task { … } }?
                    transfer {}, flows = [{ name = a, transfer.refine.steps = -1 }] | flows.0.transfer.refine.steps (-1) is outside [0, 1000000]. Maybe 0?
                    transfer.initialisation.runs = 0 | transfer.initialisation.runs (0) is outside [1, 1000000]. Maybe 1?
                    sampling.solver = rk5        | sampling.solver (rk5) is none of euler, midpoint, heun, rk4, dopri5. Maybe rk4?
                    sampling.rtol = 1e-9         | sampling.rtol (1e-9) is outside [0.000001, 1]. Maybe 0.000001?
                    sampling { solver = dopri5, noise = 0.1 } | sampling.noise (0.1) does not go together: noise is added before a fixed step, and dopri5 has none. Maybe solver = heun?
                    sampling.networks = 3        | sampling.networks (3) is fewer than the 4 networks of evaluation.export. Maybe also evaluation.export = 3?
                    sampling.name = x            | sampling.name (x) is for elements of samplings only. Maybe samplings = [{ name = … }]?
                    samplings = [{steps = 4}]    | samplings.0.name ("") is empty. Maybe name = steps-4?
                    samplings = [{name = a}, {name = b}, {name = a}] | samplings.2.name (a) is the name of two samplings. Maybe a-3?
                    samplings = [{name = a, stepz = 4}] | samplings.0.stepz (4) is not a known key. Maybe samplings.0.steps?
                    samplings = [{name = a/b}]   | samplings.0.name (a/b) may hold only a-z, 0-9, '.', '_' and '-' and begins with a letter or digit. Maybe a-b?
                    samplings = [steps-4]        | samplings.0 (steps-4) is a text, not a block of keys. Maybe { name = steps-4 }?
                    samplings = {name = a}       | samplings ({"name":"a"}) is not a list. Maybe [{ name = steps-4, steps = 4 }]?
                    flow.prediction = velocity, samplings = [{name = a, truncation = 0.5}] | samplings.0.truncation (0.5) needs flow geometric to predict x1 from reference features. Maybe 1?
                    flow.zoo-trajectories = 61   | flows.0.zoo-trajectories (61) is more than the 60 of zoo.training-trajectories. Maybe 0, for all of them?
                    published = [{group = held-out, label = a}] | published.0.source ("") is empty. Maybe say it for all in publication.source?
                    publication.source = b, published = [{group = generated/geometrik, label = a}] | published.0.group (generated/geometrik) is of no flow or sampling of this experiment. Maybe generated/geometric?
                    publication.source = b, published = [{group = train, label = a, accuracy = 93}] | published.0.accuracy (93) is outside [0, 1]. Maybe 1?
                    budget = full                | budget (full) is not in budgets. Maybe leave it out: this file has none?
                    budgets { big {}, full {} }, budget = ful | budget (ful) is not in budgets. Maybe big, or full?
                    budgets.full.zoo.epochz = 3  | zoo.epochz (3) is not a known key. Maybe zoo.epochs?
                    budgets.full = 3             | budgets.full (3) is a number, not a block of keys. Maybe full { … }?
                    budgets.full.flows.normal.sigma = 3 | flows.normal.sigma: there is no element normal. Maybe one of geometric, or its index from 0?
                    sampling.hidden = [8]        | sampling.hidden ([8]) is not network.hidden with wider layers. Maybe [32]?
                    sampling.hidden = [32, 32]   | sampling.hidden ([32,32]) has more than 1 elements. Maybe a typing error?
                    evaluation.export = 129      | evaluation.export (129) is more than the 128 networks of sampling.networks. Maybe 4?
                    evaluation.likelihood.probes = 1 | evaluation.likelihood.probes (1) is outside [2, 1000000]. Maybe 2?
                    evaluation.likelihood.end = 1 | evaluation.likelihood.end (1) is outside [0.01, 0.999]. Maybe 0.999?
                    evaluation.likelihood.solver = dopri5 | evaluation.likelihood.solver (dopri5) has no fixed steps, which probes of one path need. Maybe rk4?
                    task.kind = csv              | task.kind (csv) needs task.file, which is empty. Maybe task.file = data.csv?
                    task.header = perhaps        | task.header (perhaps) is neither true nor false. Maybe true?
                    task.delimiter = ";;"        | task.delimiter (;;) is not one character. Maybe "," or ";" or "\\t"?
                    task.ignore = id             | task.ignore (id) is a text, not a list. Maybe ["a", "b"]?
                    task.test-fraction = 0.9     | task.test-fraction (0.9) leaves less than 5 % of the examples to train on. Maybe 0.1?
                    seed = 1e40                  | seed (1e40) is outside [-9223372036854775808, 9223372036854775807]. Maybe 9223372036854775807?
                    """)
    void namesFileAndLineAndWhatIsMeant(String line, String message) throws IOException {
        Path file = write("# a comment\n\n" + line + "\n");

        assertThatThrownBy(() -> ExperimentFile.load(file, List.of()))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessage("%s:3: %s".formatted(file, message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    zoo.epochz=5 | override zoo.epochz=5: zoo.epochz (5) is not a known key. Maybe zoo.epochs?
                    flow.trainin.time=3s | override flow.trainin.time=3s: flow.trainin ({…}) is not a known key. Maybe flow.training?
                    flows.0.geometri=velocity | override flows.0.geometri=velocity: flows.0.geometri (velocity) is not a known key. Maybe flows.0.geometry?
                    flows.0.geometry=velocity | override flows.0.geometry=velocity: flows.0.geometry (velocity) is none of euclidean, normalized, geometric. Maybe euclidean, or normalized, or geometric?
                    flows.7.geometry=euclidean | override (flows.7.geometry=euclidean): there is no element 7. Maybe one of geometric, or its index from 0?
                    flows.hyper.sigma=1 | override (flows.hyper.sigma=1): there is no element hyper. Maybe one of geometric, or its index from 0?
                    zoo.epochs | override (zoo.epochs) is not key=value. Maybe zoo.epochs=5?
                    a..b=1 | override (a..b=1) has no well-formed key. Maybe zoo.epochs=5?
                    name=[1 | override (name=[1) has no well-formed value. Maybe put it in double quotes, and all in single ones for the shell?
                    zoo=5 | override zoo=5: zoo (5) is a number, not a block of keys. Maybe zoo { … }?
                    """)
    void namesTheOverride(String override, String message) throws IOException {
        Path file = write("name = x");

        assertThatThrownBy(() -> ExperimentFile.load(file, List.of(override)))
                .isInstanceOf(UserError.class)
                .hasMessage(message);
    }

    @Test
    void namesTheLineOfASyntaxError() throws IOException {
        Path file = write("name = x\nzoo {\n  epochs = 5\n");

        assertThatThrownBy(() -> ExperimentFile.load(file, List.of()))
                .isInstanceOf(UserError.class)
                .message()
                .startsWith(file + ":")
                .doesNotContain("\n")
                .endsWith("Maybe a missing quote, bracket or comma?");
    }

    @Test
    void namesTheIncludedFileInWhichTheErrorIs() throws IOException {
        Files.writeString(dir.resolve("part.conf"), "\nzoo.epochz = 1");
        Path file = write("include \"part.conf\"");

        assertThatThrownBy(() -> ExperimentFile.load(file, List.of()))
                .isInstanceOf(UserError.class)
                .hasMessage(dir.resolve("part.conf") + ":2: zoo.epochz (1) is not a known key. Maybe zoo.epochs?");
    }

    @Test
    void refusesMissingFilesIncludesAndSubstitutions() throws IOException {
        Path include = write("include \"nowhere.conf\"");
        Path substitution = Files.writeString(dir.resolve("y.conf"), "name = x\nseed = ${nothing.here}");

        assertThatThrownBy(() -> ExperimentFile.load(dir.resolve("no.conf"), List.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no.conf) does not exist. Maybe experiments/quickstart.conf?");
        assertThatThrownBy(() -> ExperimentFile.load(dir, List.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not a file");
        assertThatThrownBy(() -> ExperimentFile.load(include, List.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("nowhere.conf");
        assertThatThrownBy(() -> ExperimentFile.load(substitution, List.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("y.conf:2: ")
                .hasMessageContaining("nothing.here");
    }

    @Test
    void textsFromMessagesReachNothingOutside() throws IOException {
        Path file = write("seed = 5");
        List<String> texts = List.of(
                "include file(\"%s\")".formatted(file),
                "include \"x.conf\"",
                "include url(\"file://%s\")".formatted(file),
                "include classpath(\"reference.conf\")",
                "name = ${PATH}");

        assertThat(texts)
                .allSatisfy(text ->
                        assertThatThrownBy(() -> ExperimentFile.parse(text)).isInstanceOf(UserError.class));
    }

    @Test
    void endlessTextsAreRefused() {
        assertThatThrownBy(() -> ExperimentFile.parse("[".repeat(100_000))).hasMessageContaining("deeply nested");
        assertThatThrownBy(() -> ExperimentFile.parse("a".repeat(2_000_000))).hasMessageContaining("is longer");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(dir.resolve("x.conf"), text);
    }
}
