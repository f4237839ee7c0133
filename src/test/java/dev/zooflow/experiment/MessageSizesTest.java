package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageSizesTest {

    // 2·3 + 3 + 3·2 + 2 = 17 parameters, of 4 bytes each; with 30 hidden neurons 152.
    private static ExperimentSpec moons(String more) {
        return ExperimentFile.parse("""
                task.kind = two-moons
                network.hidden = [3]
                zoo { epochs = 12, burn-in-epochs = 2, snapshots = 10 }
                sampling { networks = 20, checkpoint-networks = 4 }
                flows = [{ name = a }]
                """ + more);
    }

    @Test
    void whatFitsIsAccepted() {
        assertThatCode(() -> MessageSizes.require(moons(""), MessageSizes.HEADER_BYTES + 20 * 17 * 4))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                     | 1359  | sampling.networks (20)
            'sampling.checkpoint-networks = 30'                    | 1360  | sampling.networks (30)
            'zoo.snapshots = 10, sampling.networks = 4'            | 679   | zoo.snapshots (10)
            'samplings = [{ name = wider, hidden = [30] }]'        | 12159 | 20 networks 2-30-2 each
            'flows = [{ name = a, sampling.networks = 21 }]'       | 1427  | sampling.networks (21)
            """)
    void whatNobodyMayReadIsRefused(String more, long limit, String named) {
        assertThatThrownBy(() -> MessageSizes.require(moons(more), MessageSizes.HEADER_BYTES + limit))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(named)
                .hasMessageContaining("kafka.claim-limit");
        assertThatCode(() -> MessageSizes.require(moons(more), limit + 100_000)).doesNotThrowAnyException();
    }

    @Test
    void aFileOfOtherShapeIsAskedLater() {
        ExperimentSpec table = ExperimentFile.parse("""
                task { kind = csv, file = "table.csv", label = species }
                flows = [{ name = a }]
                """);

        assertThatCode(() -> MessageSizes.require(table, 1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> MessageSizes.require(table, 2, 2, 1)).hasMessageContaining("zoo.snapshots");
    }
}
