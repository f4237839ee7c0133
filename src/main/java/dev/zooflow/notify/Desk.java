package dev.zooflow.notify;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.RunEvent.RunNotified;
import dev.zooflow.message.RunEvent.RunOffered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What is still to be told of some runs, folded from their events. For one thread. */
final class Desk {

    private final NotifySettings settings;
    private final boolean offeredOnly;
    private final Map<RunId, Sheet> sheets = new HashMap<>();

    /** Of one run. */
    private static final class Sheet {
        private final Map<String, Notice> due = new LinkedHashMap<>();
        private final Set<String> told = new HashSet<>();
        private boolean offered;
    }

    /**
     * Nothing known yet.
     *
     * @param offeredOnly whether runs that other processes keep for themselves are those processes' business
     */
    Desk(NotifySettings settings, boolean offeredOnly) {
        this.settings = settings;
        this.offeredOnly = offeredOnly;
    }

    /** One more event, in the order of the log. */
    void on(Recorded recorded) {
        Event event = recorded.event();
        if (event instanceof RunNotified e) {
            Sheet sheet = sheet(e.run());
            sheet.told.add(e.about());
            sheet.due.remove(e.about());
        } else if (event instanceof RunOffered e) {
            sheet(e.run()).offered = true;
        } else {
            Notice.of(recorded)
                    .filter(n -> settings.on().contains(n.kind()))
                    .filter(n -> !sheet(n.run()).told.contains(n.about()))
                    .ifPresent(n -> sheet(n.run()).due.putIfAbsent(n.about(), n));
        }
    }

    private Sheet sheet(RunId run) {
        return sheets.computeIfAbsent(run, r -> new Sheet());
    }

    /** Takes what is to be told now, so many at most; what happened too long ago is dropped. */
    List<Notice> take(Instant now, int most) {
        Instant oldest = now.minus(settings.maxAge());
        List<Notice> taken = new ArrayList<>();
        for (Sheet sheet : sheets.values()) {
            if (sheet.offered || !offeredOnly) {
                take(sheet, oldest, most, taken);
            }
        }
        return taken;
    }

    private static void take(Sheet sheet, Instant oldest, int most, List<Notice> taken) {
        Iterator<Notice> due = sheet.due.values().iterator();
        while (due.hasNext() && taken.size() < most) {
            Notice notice = due.next();
            due.remove();
            sheet.told.add(notice.about());
            if (notice.time().isAfter(oldest)) {
                taken.add(notice);
            }
        }
    }

    /** Forgets these runs. */
    void drop(Predicate<RunId> runs) {
        sheets.keySet().removeIf(runs);
    }
}
