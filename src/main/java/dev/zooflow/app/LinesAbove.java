package dev.zooflow.app;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.function.Consumer;

/** A stream whose lines go one by one to whoever knows where on the terminal there is room for them. Thread-safe. */
final class LinesAbove extends OutputStream {

    private final Charset charset;
    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /**
     * A stream.
     *
     * @param lines takes each without its line break
     */
    LinesAbove(Charset charset, Consumer<String> lines) {
        this.charset = charset;
        this.lines = lines;
    }

    @Override
    public synchronized void write(int b) {
        if (b != '\n') {
            line.write(b);
            return;
        }
        String text = line.toString(charset);
        line.reset();
        lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
