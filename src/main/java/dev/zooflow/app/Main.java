package dev.zooflow.app;

import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Entry point of {@code zooflow.jar}. */
public final class Main {

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        Charset charset = Charset.defaultCharset();
        int code = Cli.create(new PrintWriter(System.out, true, charset), new PrintWriter(System.err, true, charset))
                .execute(args);
        System.exit(code);
    }
}
