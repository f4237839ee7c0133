package dev.zooflow.actor;

import java.time.Duration;

/**
 * How long to wait before trying again: doubles from {@code first} up to {@code longest}, for {@code attempts} attempts.
 *
 * @param first wait after the first failure, positive
 * @param longest wait
 * @param attempts in all, at least 1
 */
public record Backoff(Duration first, Duration longest, int attempts) {

    /** Checks the bounds. */
    public Backoff {
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0 || attempts < 1) {
            throw new IllegalArgumentException(
                    "back-off (%s, %s, %d) needs 0 < first ≤ longest and at least one attempt. Maybe swapped?"
                            .formatted(first, longest, attempts));
        }
    }

    /** Wait after this failed attempt, counted from 1. */
    public Duration after(int attempt) {
        Duration wait = first.multipliedBy(1L << Math.min(attempt - 1, 30));
        return wait.compareTo(longest) < 0 ? wait : longest;
    }

    /** Whether this failed attempt, counted from 1, was the last. */
    public boolean exhausted(int attempt) {
        return attempt >= attempts;
    }
}
