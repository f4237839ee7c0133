package dev.zooflow.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Posts a notice as JSON; follows no redirection, which could lead anywhere. */
final class Webhook implements Channel {

    private final HttpClient client;
    private final URI address;
    private final Duration timeout;

    Webhook(URI address, Duration timeout) {
        this.address = address;
        this.timeout = timeout;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    @Override
    public void tell(Notice notice) throws IOException, InterruptedException {
        int status = post(notice.json());
        if (status / 100 != 2) {
            throw new IOException("the webhook answered " + status);
        }
    }

    private int post(String json) throws IOException, InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(timeout)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(json))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException | IllegalArgumentException e) {
            // What it says of itself may hold the address.
            throw new IOException(
                    "the webhook can't be reached: " + e.getClass().getSimpleName());
        }
    }

    @Override
    public String toString() {
        return "webhook";
    }
}
