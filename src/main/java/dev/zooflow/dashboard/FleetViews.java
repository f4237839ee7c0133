package dev.zooflow.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.dashboard.Board.DeadLetter;
import dev.zooflow.dashboard.Board.Worker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who works for the runs of the board, and what is left of their records, as JSON. Thread-safe. */
final class FleetViews {

    private static final int MISSED_BEATS = 4;
    private static final long GONE_MILLIS = 3_600_000;

    private final Board board;

    FleetViews(Board board) {
        this.board = board;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** How many runs, trials, workers and letters there are, by state. */
    ObjectNode counts(long now) {
        ObjectNode counts = object();
        board.read(all -> {
            Map<String, Integer> runs = new TreeMap<>();
            Map<String, Integer> trials = new TreeMap<>();
            all.values().forEach(run -> {
                runs.merge(run.status(), 1, Integer::sum);
                run.trials().forEach(trial -> trials.merge(run.status(trial), 1, Integer::sum));
            });
            runs.forEach(counts.putObject("runs")::put);
            trials.forEach(counts.putObject("trials")::put);
            return counts;
        });
        List<Worker> workers = List.copyOf(board.workers().values());
        counts.put("workers", workers.stream().filter(w -> alive(w, now)).count());
        counts.put(
                "letters",
                board.letters().values().stream().filter(l -> !l.replayed()).count());
        counts.put("dropped", board.dropped());
        return counts;
    }

    /** Workers that told of themselves within the last hour, the living first. */
    ObjectNode workers(long now) {
        ObjectNode view = object();
        ArrayNode data = view.putArray("data");
        board.workers().values().stream()
                .filter(w -> now - w.epochMillis() < GONE_MILLIS)
                .sorted(Comparator.comparing((Worker w) -> !alive(w, now))
                        .thenComparing(w -> w.beat().worker())
                        .thenComparing(w -> w.beat().role()))
                .forEach(w -> {
                    ObjectNode row = data.addObject();
                    row.put("worker", w.beat().worker());
                    row.put("host", w.beat().worker().split("/", 2)[0]);
                    row.put("role", w.beat().role().id());
                    row.put("device", w.beat().device());
                    row.put("task", w.beat().task());
                    row.put("step", w.beat().step());
                    row.put("rate", w.beat().rate());
                    row.put("resident_mib", w.beat().residentMib());
                    row.put("beat", w.epochMillis());
                    row.put("alive", alive(w, now));
                });
        return view;
    }

    private static boolean alive(Worker worker, long now) {
        return now - worker.epochMillis()
                <= 1_000 * MISSED_BEATS * worker.beat().interval();
    }

    /** Dead letters, the latest first. */
    ObjectNode letters() {
        ObjectNode view = object();
        ArrayNode data = view.putArray("data");
        List<DeadLetter> letters = new ArrayList<>(board.letters().values());
        Collections.reverse(letters);
        for (DeadLetter letter : letters) {
            ObjectNode row = data.addObject();
            row.put("id", letter.id());
            row.put("time", letter.epochMillis());
            row.put("type", letter.type());
            row.put("reason", letter.reason());
            row.put("replayed", letter.replayed());
        }
        return view;
    }
}
