package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event.Score;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreAgreementTest {

    private static Score score(String group, int n, Map<String, Double> values) {
        return new Score(new RunId("r"), group, 0, 0, 0, true, n, values, Map.of());
    }

    @Test
    void equalScoresAgree() {
        List<Score> scores = List.of(
                score("held-out", 4, Map.of("accuracy_mean", 0.1 + 0.2)), score("train", 4, Map.of("loss_mean", 0.3)));
        ScoreAgreement agreement = ScoreAgreement.of(scores, scores);
        assertThat(agreement.isComplete()).isTrue();
        assertThat(agreement.values()).isEqualTo(4);
    }

    @Test
    void aDifferenceInTheLastBitIsOne() {
        ScoreAgreement agreement = ScoreAgreement.of(
                List.of(score("a", 4, Map.of("accuracy_mean", 0.3))),
                List.of(score("a", 4, Map.of("accuracy_mean", 0.1 + 0.2))));
        assertThat(agreement.isComplete()).isFalse();
        assertThat(agreement.different()).singleElement().satisfies(group -> {
            assertThat(group.values()).isEqualTo(2);
            assertThat(group.equal()).isEqualTo(1);
            assertThat(group.largest().orElseThrow().relative()).isBetween(1e-17, 1e-15);
        });
    }

    @Test
    void theLargestDifferenceIsRelative() {
        ScoreAgreement agreement = ScoreAgreement.of(
                List.of(score("a", 4, Map.of("z_u", 1000.0, "accuracy_mean", 0.8))),
                List.of(score("a", 4, Map.of("z_u", 1001.0, "accuracy_mean", 0.9))));
        assertThat(agreement.different())
                .singleElement()
                .satisfies(group ->
                        assertThat(group.largest()).hasValue(new ScoreAgreement.Difference("accuracy_mean", 0.8, 0.9)));
        assertThat(agreement.different().get(0).largest().orElseThrow().relative())
                .isCloseTo(1.0 / 9, org.assertj.core.data.Offset.offset(1e-12));
    }

    @Test
    void whatOneRunDoesNotHaveDiffers() {
        ScoreAgreement agreement = ScoreAgreement.of(
                List.of(score("a", 4, Map.of("loss_mean", 1.0, "bpd_gap", 2.0)), score("gone", 4, Map.of())),
                List.of(score("a", 4, Map.of("loss_mean", 1.5)), score("new", 3, Map.of())));
        assertThat(agreement.different())
                .extracting(group -> group.largest().orElseThrow().name())
                .containsExactly("bpd_gap", "n", "n");
        assertThat(agreement.different().get(0).largest().orElseThrow().relative())
                .isInfinite();
    }
}
