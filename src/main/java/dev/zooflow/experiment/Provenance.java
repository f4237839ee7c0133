package dev.zooflow.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Where a result comes from, so that it can be made again: the experiment, the program and its libraries, the machine. What
 * can't be found out is left out or {@code unknown}; collecting never fails.
 */
public final class Provenance {

    /** Key of what tracked files differ in from the commit, of at most 64 KiB: for {@code run.json} alone, not for people. */
    public static final String GIT_DIFF = "git-diff";

    private static final String UNKNOWN = "unknown";

    private Provenance() {}

    /** Provenance of a run that starts now in the current directory; keys in reading order. */
    public static Map<String, String> collect(ExperimentSpec spec) {
        return collect(spec, Clock.systemUTC(), Path.of(""));
    }

    /**
     * Provenance of a run that starts at the clock's time.
     *
     * @param directory whose git commit is recorded, if it has one
     */
    public static Map<String, String> collect(ExperimentSpec spec, Clock clock, Path directory) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("started", clock.instant().toString());
        out.put("experiment", spec.name());
        out.put("experiment-sha256", sha256(ExperimentFile.render(spec).getBytes(StandardCharsets.UTF_8)));
        out.put("seed", Long.toString(spec.seed()));
        versions().forEach((name, version) -> out.put(name.equals("zooflow") ? name : "library." + name, version));
        out.put("jar-sha256", jarHash());
        GitState.of(directory).ifPresent(git -> {
            out.put("git-commit", git.commit());
            out.put("git-dirty", Boolean.toString(git.dirty()));
            if (git.dirty()) {
                out.put(GIT_DIFF, git.diff());
            }
        });
        out.put("java", "%s (%s)".formatted(Runtime.version(), System.getProperty("java.vm.name")));
        out.put("os", "%s %s %s".formatted(property("os.name"), property("os.version"), property("os.arch")));
        out.put("host", host());
        out.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        out.put("heap-mib", Long.toString(Runtime.getRuntime().maxMemory() >> 20));
        return out;
    }

    /** Versions of the program ({@code zooflow}) and of the libraries that matter for results, by name. */
    public static Map<String, String> versions() {
        Properties properties = new Properties();
        try (InputStream in = Provenance.class.getResourceAsStream("versions.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            properties.setProperty("zooflow", UNKNOWN);
        }
        Map<String, String> out = new TreeMap<>();
        properties.forEach((name, version) -> out.put(name.toString(), version.toString()));
        return out;
    }

    /** SHA-256 of the program's jar; {@code classes} when it runs from a folder of classes. */
    private static String jarHash() {
        return location().filter(Files::isRegularFile).map(Provenance::hashOf).orElse("classes");
    }

    private static Optional<Path> location() {
        try {
            return Optional.ofNullable(Provenance.class.getProtectionDomain().getCodeSource())
                    .map(source -> source.getLocation().toString())
                    .map(URI::create)
                    .map(Path::of);
        } catch (IllegalArgumentException | SecurityException e) {
            return Optional.empty();
        }
    }

    private static String hashOf(Path file) {
        try {
            return sha256(Files.readAllBytes(file));
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }

    private static String property(String name) {
        return System.getProperty(name, UNKNOWN);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
