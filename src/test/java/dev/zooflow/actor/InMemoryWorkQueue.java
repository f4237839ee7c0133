package dev.zooflow.actor;

import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.message.WorkQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Work queues in memory: at-least-once delivery with a limit of attempts, a list instead of a dead-letter topic. */
final class InMemoryWorkQueue implements WorkQueue {

    private final int maxAttempts;
    private final Map<Role, Deque<Entry>> waiting = new EnumMap<>(Role.class);
    private final List<Consumption> consumers = new ArrayList<>();
    private final List<String> rejected = new ArrayList<>();
    private final List<String> accepted = new ArrayList<>();

    private record Entry(Task task, int attempt) {}

    InMemoryWorkQueue(int maxAttempts) {
        this.maxAttempts = maxAttempts;
        for (Role role : Role.values()) {
            waiting.put(role, new ArrayDeque<>());
        }
    }

    /** Puts a task on the queue of its role. */
    void add(Task task) {
        add(task, 1);
    }

    /** Puts a task on the queue whose next delivery has this number. */
    synchronized void add(Task task, int attempt) {
        waiting.get(task.role()).add(new Entry(task, attempt));
        deliver();
    }

    /** Ids of the dead letters, with their reasons. */
    synchronized List<String> rejected() {
        return List.copyOf(rejected);
    }

    /** Ids of tasks that were accepted. */
    synchronized List<String> accepted() {
        return List.copyOf(accepted);
    }

    /** Ids of tasks that wait for a worker. */
    synchronized List<String> waiting(Role role) {
        return waiting.get(role).stream().map(e -> e.task().id()).toList();
    }

    /** Delivers what every consumer holds once more, as if its lock had been lost. */
    synchronized void loseLocks() {
        consumers.stream().filter(c -> c.held != null).forEach(c -> {
            Entry lost = c.held;
            c.held = null;
            c.lost.complete(null);
            waiting.get(c.role).addFirst(new Entry(lost.task, lost.attempt + 1));
        });
        deliver();
    }

    @Override
    public synchronized Subscription consume(Role role, Consumer<Delivery> handler) {
        Consumption consumption = new Consumption(role, handler);
        consumers.add(consumption);
        deliver();
        return consumption;
    }

    private synchronized void deliver() {
        for (Consumption consumer : List.copyOf(consumers)) {
            Entry entry = consumer.held == null ? waiting.get(consumer.role).poll() : null;
            if (entry != null) {
                consumer.held = entry;
                consumer.lost = new CompletableFuture<>();
                consumer.handler.accept(new Held(consumer, entry));
            }
        }
    }

    private synchronized CompletionStage<Void> answer(Held held, Runnable effect) {
        if (held.entry.equals(held.consumer.held)) {
            held.consumer.held = null;
            effect.run();
            deliver();
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized void close() {
        consumers.clear();
    }

    private final class Consumption implements Subscription {
        private final Role role;
        private final Consumer<Delivery> handler;
        private Entry held;
        private CompletableFuture<Void> lost = new CompletableFuture<>();

        Consumption(Role role, Consumer<Delivery> handler) {
            this.role = role;
            this.handler = handler;
        }

        @Override
        public void close() {
            synchronized (InMemoryWorkQueue.this) {
                consumers.remove(this);
                if (held != null) {
                    waiting.get(role).addFirst(new Entry(held.task, held.attempt + 1));
                    held = null;
                    deliver();
                }
            }
        }
    }

    private final class Held implements Delivery {
        private final Consumption consumer;
        private final Entry entry;
        private final CompletableFuture<Void> lost;

        Held(Consumption consumer, Entry entry) {
            this.consumer = consumer;
            this.entry = entry;
            this.lost = consumer.lost;
        }

        @Override
        public Task task() {
            return entry.task;
        }

        @Override
        public int attempt() {
            return entry.attempt;
        }

        @Override
        public boolean lastAttempt() {
            return entry.attempt >= maxAttempts;
        }

        @Override
        public boolean exhausted() {
            return entry.attempt > maxAttempts;
        }

        @Override
        public CompletionStage<Void> lost() {
            return lost;
        }

        @Override
        public CompletionStage<Void> accept() {
            return answer(this, () -> accepted.add(entry.task.id()));
        }

        @Override
        public CompletionStage<Void> release() {
            return answer(this, () -> waiting.get(consumer.role).addFirst(new Entry(entry.task, entry.attempt + 1)));
        }

        @Override
        public CompletionStage<Void> reject(String reason) {
            return answer(this, () -> rejected.add(entry.task.id() + ": " + reason));
        }
    }
}
