package dev.zooflow.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Every choice of one value from each of several lists. */
final class Combinations {

    private Combinations() {}

    /**
     * All choices, the last list the first to change; of no lists the one choice of nothing.
     *
     * @param most choices that there may be
     * @param tooMany what is thrown where there are more
     */
    static <T> List<List<T>> of(List<? extends List<? extends T>> lists, int most, Supplier<UserError> tooMany) {
        List<List<T>> choices = List.of(List.of());
        for (List<? extends T> list : lists) {
            if ((long) choices.size() * list.size() > most) {
                throw tooMany.get();
            }
            choices = choices.stream()
                    .flatMap(choice -> list.stream().map(value -> plus(choice, value)))
                    .toList();
        }
        return choices;
    }

    private static <T> List<T> plus(List<T> choice, T value) {
        List<T> longer = new ArrayList<>(choice);
        longer.add(value);
        return longer;
    }
}
