package dev.zooflow.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.tensor.Seed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GaussianZooTest {

    private static final ExperimentSpec SPEC = ExperimentFile.parse("""
            task { kind = blobs, features = 30, examples = 200 }
            network.hidden = [16, 16]
            zoo {
              kind = gaussian, gaussian-mean = 1, gaussian-std = 0.5
              training-trajectories = 3, held-out-trajectories = 2, snapshots = 20
            }
            """);
    private static final Dataset DATA = Datasets.load(SPEC.task(), 1, Path.of("."));
    private static final Architecture ARCHITECTURE = SPEC.network().architecture(30, 2);

    private static List<Trajectory> draw(int from, int to) {
        return new GaussianZoo(SPEC.zoo(), ARCHITECTURE, DATA, new Seed(1)).draw(from, to);
    }

    @Test
    void hasTheDistributionItIsToldToHave() {
        List<Trajectory> all = draw(0, 5);

        assertThat(all).extracting(Trajectory::heldOut).containsExactly(false, false, false, true, true);
        double sum = 0;
        double squares = 0;
        int n = 0;
        for (Trajectory t : all) {
            assertThat(t.snapshots().size()).isEqualTo(20);
            assertThat(t.validationAccuracy()).hasSize(20);
            for (float w : t.snapshots().theta()) {
                sum += w;
                squares += (w - 1.0) * (w - 1.0);
                n++;
            }
        }
        assertThat(n).isEqualTo(5 * 20 * 802);
        // Standard errors: 0.5 / √n = 0.0018, and 0.25 √(2/n) = 0.0012 of the variance.
        assertThat(sum / n).isCloseTo(1, within(0.008));
        assertThat(squares / n).isCloseTo(0.25, within(0.006));
    }

    @Test
    void doesNotDependOnHowItIsDivided() {
        float[] together = draw(0, 4).get(3).snapshots().theta();

        assertThat(draw(3, 4).get(0).snapshots().theta()).isEqualTo(together);
        assertThat(draw(2, 3).get(0).snapshots().theta()).isNotEqualTo(together);
    }
}
