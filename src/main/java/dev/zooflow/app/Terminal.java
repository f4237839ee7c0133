package dev.zooflow.app;

import java.io.Console;

/** Whether a person watches. */
final class Terminal {

    private Terminal() {}

    /** Whether standard input and output are a terminal that can move its cursor. */
    static boolean isInteractive() {
        return isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    // Before Java 22 there is no console without a terminal; since then there is, and it can be asked.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
