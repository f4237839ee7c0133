package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Downloads known data sets: each file from the first source that delivers it with the right hash. */
final class DataFetcher {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration TRANSFER_TIMEOUT = Duration.ofMinutes(10);
    // Several times the largest known file; a source that sends more than this sends something else.
    private static final long LARGEST_FILE = 256L << 20;
    private static final int BUFFER = 1 << 16;

    private final Consumer<String> progress;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    DataFetcher(Consumer<String> progress) {
        this.progress = progress;
    }

    List<Path> fetch(KnownDataset dataset, Path dataDir) {
        List<Path> paths = new ArrayList<>();
        for (KnownFile file : dataset.files()) {
            Optional<Path> present = dataset.find(dataDir, file).filter(path -> isRight(file, path));
            present.ifPresent(path -> progress.accept("%s is there".formatted(path)));
            paths.add(present.orElseGet(() -> download(dataset, file, dataset.target(dataDir, file))));
        }
        return List.copyOf(paths);
    }

    private static boolean isRight(KnownFile file, Path path) {
        try (HashedInput in = HashedInput.open(path)) {
            return file.sha256().equals(in.sha256());
        } catch (IOException e) {
            // Damaged beyond reading: as good as missing, since a sound copy is about to replace it.
            return false;
        }
    }

    private Path download(KnownDataset dataset, KnownFile file, Path target) {
        List<String> failures = new ArrayList<>();
        for (URI source : dataset.sources()) {
            URI address = source.resolve(file.distributedName());
            Path part = partBeside(target);
            try {
                progress.accept("fetching %s".formatted(address));
                receive(address, part);
                dataset.verify(part, file, HashedInput.sha256(part));
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                progress.accept("%s is complete and verified".formatted(target));
                return target;
            } catch (IOException | UserError e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw UserError.infrastructure(
                            "fetching (%s) was interrupted. Maybe try again?".formatted(address), e);
                }
                failures.add("%s: %s".formatted(address, reason(e)));
            } finally {
                deleteQuietly(part);
            }
        }
        throw UserError.infrastructure(
                "file (%s) of %s could not be fetched into %s. %s. Maybe you are offline, and can copy the file there from another machine?"
                        .formatted(
                                file.distributedName(),
                                dataset.name(),
                                target.getParent(),
                                String.join(". ", failures)));
    }

    private static Path partBeside(Path target) {
        try {
            Files.createDirectories(target.getParent());
            // Not Files.createTempFile, whose files only their owner may read.
            return Files.createFile(
                    target.resolveSibling(".%s.%s.part".formatted(target.getFileName(), UUID.randomUUID())));
        } catch (IOException e) {
            throw UserError.infrastructure(
                    "folder (%s) cannot be written to: %s. Maybe another --data-dir?"
                            .formatted(target.getParent(), reason(e)),
                    e);
        }
    }

    private void receive(URI address, Path part) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(ANSWER_TIMEOUT).build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException("the server answers " + response.statusCode());
                }
                copyInTime(body, part);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The client's own time-out ends with the answer's headers; a source that stalls after them is cut off here. */
    private static void copyInTime(InputStream body, Path part) throws IOException {
        CompletableFuture<Void> deadline = CompletableFuture.runAsync(
                () -> closeQuietly(body),
                CompletableFuture.delayedExecutor(TRANSFER_TIMEOUT.toSeconds(), TimeUnit.SECONDS));
        try {
            copy(body, part);
        } finally {
            deadline.cancel(false);
        }
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // The reader sees the end of the stream either way.
        }
    }

    private static void copy(InputStream body, Path part) throws IOException {
        try (OutputStream out = Files.newOutputStream(part)) {
            byte[] buffer = new byte[BUFFER];
            long total = 0;
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                total += n;
                if (total > LARGEST_FILE) {
                    throw new IOException("the server sends more than %d bytes".formatted(LARGEST_FILE));
                }
                out.write(buffer, 0, n);
            }
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void deleteQuietly(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // A left-over part file is hidden, is never taken for data, and must not hide the first error.
        }
    }
}
