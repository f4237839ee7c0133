package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import dev.zooflow.health.HealthSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code zooflow health}: whether the process of these settings on this machine is in order. */
@Command(
        name = "health",
        description = {
            "Asks the endpoint of a process on this machine, by the settings it was started with, whether it is in order.",
            "Leaves with 3 when it is not, or does not answer."
        })
final class HealthCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Spec
    private CommandSpec command;

    @Mixin
    private ConfigOption config;

    @Override
    public Integer call() {
        HealthSettings settings = config.settings().health();
        if (!settings.enabled()) {
            throw UserError.usage(
                    "health.port (0) is off, so there is nobody to ask. Maybe zooflow.health.port = 9404 in --config?");
        }
        HttpResponse<String> answer = ask(settings);
        PrintWriter out = command.commandLine().getOut();
        out.print(answer.body());
        out.flush();
        return answer.statusCode() == 200 ? ExitCode.OK : ExitCode.INFRASTRUCTURE;
    }

    private static HttpResponse<String> ask(HealthSettings settings) {
        // What listens on all interfaces listens on this one.
        String host = settings.host().equals("0.0.0.0") ? "127.0.0.1" : settings.host();
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        try {
            URI uri = new URI("http", null, host, settings.port(), "/healthz", null, null);
            return client.send(
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | URISyntaxException e) {
            throw UserError.infrastructure(
                    "health.port (%d): nobody answers: %s. Maybe the process does not run, or has other settings?"
                            .formatted(settings.port(), e),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UserError.infrastructure("interrupted", e);
        }
    }
}
