package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EachTest {

    @Test
    void everyCombinationIsOneRun() {
        assertThat(Each.combinations(List.of("network.hidden=[[8], [16, 16]]", "network.activation = [relu, tanh]")))
                .containsExactly(
                        List.of("network.hidden=[8]", "network.activation=\"relu\""),
                        List.of("network.hidden=[8]", "network.activation=\"tanh\""),
                        List.of("network.hidden=[16,16]", "network.activation=\"relu\""),
                        List.of("network.hidden=[16,16]", "network.activation=\"tanh\""));
        assertThat(Each.combinations(List.of())).containsExactly(List.of());
    }

    @Test
    void combinationsAreOverrides() {
        List<ExperimentSpec> specs =
                Each.combinations(List.of("network.hidden=[[8], [16, 16]]", "task.noise=[0.1]")).stream()
                        .map(values -> ExperimentFile.parse("task.kind = two-moons", values))
                        .toList();
        assertThat(specs).extracting(spec -> spec.network().hidden()).containsExactly(List.of(8), List.of(16, 16));
        assertThat(specs).allSatisfy(spec -> assertThat(spec.task().noise()).isEqualTo(0.1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed=1", "seed=[]", "task={a = 1}", "[1, 2]", "=[1]"})
    void otherThanAListIsRefused(String list) {
        assertThatThrownBy(() -> Each.combinations(List.of(list)))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("--each (%s) is no key with a list of values. Maybe".formatted(list));
    }

    @Test
    void aKeyIsNamedOnce() {
        assertThatThrownBy(() -> Each.combinations(List.of("seed=[1, 2]", "seed = [3]")))
                .hasMessageStartingWith("--each (seed = [3]) names a key for the second time. Maybe");
    }

    @Test
    void tooManyAreRefused() {
        List<String> lists =
                List.of("a=[1, 2, 3, 4]", "b=[1, 2, 3, 4]", "c=[1, 2, 3, 4]", "d=[1, 2, 3, 4]", "e=[1, 2, 3, 4]");
        assertThatThrownBy(() -> Each.combinations(lists)).hasMessageContaining("makes more than 1000 runs");
    }
}
