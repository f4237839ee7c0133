package dev.zooflow;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Programmes of this machine that tests make use of where they are. */
public final class Programme {

    private Programme() {}

    /** The first on the PATH that has one of these names. */
    public static Optional<Path> find(String... names) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .flatMap(dir -> Stream.of(names).map(name -> Path.of(dir, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Chromium, under whichever name it goes. */
    public static Optional<Path> chromium() {
        return find("chromium", "chromium-browser", "google-chrome");
    }
}
