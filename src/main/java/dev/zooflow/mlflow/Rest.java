package dev.zooflow.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests to a tracking server and its answers. Follows no redirection, which could lead anywhere with the credentials. */
final class Rest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<Integer> ANOTHER_TIME = List.of(408, 425, 429);
    private static final int LONGEST_REASON = 300;

    private final HttpClient client;
    private final String base;
    private final Duration timeout;
    private final Optional<String> authorization;

    /**
     * Requests to a server.
     *
     * @param uri of the server, without a slash at its end
     * @param timeout of each request
     * @param environment in which MLflow's own clients look for credentials: {@code MLFLOW_TRACKING_TOKEN}, or
     *     {@code MLFLOW_TRACKING_USERNAME} and {@code MLFLOW_TRACKING_PASSWORD}
     */
    Rest(URI uri, Duration timeout, Map<String, String> environment) {
        this.timeout = timeout;
        authorization = authorization(uri, environment);
        base = withoutUser(uri) + "/api/2.0/";
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    private static String withoutUser(URI uri) {
        String user = uri.getRawUserInfo();
        return user == null ? uri.toString() : uri.toString().replace(user + "@", "");
    }

    private static Optional<String> authorization(URI uri, Map<String, String> environment) {
        String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
        String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
        if (uri.getUserInfo() != null) {
            return Optional.of(basic(uri.getUserInfo()));
        } else if (!user.isEmpty()) {
            return Optional.of(basic(user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "")));
        }
        return token.isEmpty() ? Optional.empty() : Optional.of("Bearer " + token);
    }

    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The answer to a question.
     *
     * @param path below {@code /api/2.0/}, with its query
     * @throws RefusedException when the server will not answer it
     * @throws IOException when it can't be reached, or may answer another time
     */
    JsonNode get(String path) throws IOException, InterruptedException {
        return send(path, request(path).GET());
    }

    /** The answer to a request with this content. */
    JsonNode post(String path, JsonNode content) throws IOException, InterruptedException {
        BodyPublisher body = BodyPublishers.ofString(MAPPER.writeValueAsString(content));
        return send(
                path, request(path).header("Content-Type", "application/json").POST(body));
    }

    /** Uploads a file. */
    void put(String path, byte[] content) throws IOException, InterruptedException {
        send(
                path,
                request(path)
                        .header("Content-Type", "application/octet-stream")
                        .PUT(BodyPublishers.ofByteArray(content)));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout);
        authorization.ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private JsonNode send(String path, HttpRequest.Builder request) throws IOException, InterruptedException {
        String what = path.replaceFirst("\\?.*", "");
        HttpResponse<byte[]> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            // What it says of itself may hold the address.
            throw new IOException("the server can't be reached: " + e.getClass().getSimpleName());
        }
        int status = response.statusCode();
        JsonNode answer = parse(response.body());
        if (status / 100 == 2) {
            return answer;
        }
        String reason = answer.path("message").asText("");
        String text =
                "%s: the server answered %d%s".formatted(what, status, reason.isEmpty() ? "" : ": " + cut(reason));
        if (status / 100 == 5 || ANOTHER_TIME.contains(status)) {
            throw new IOException(text);
        }
        throw new RefusedException(answer.path("error_code").asText(""), text);
    }

    private static String cut(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + " …";
    }

    private static JsonNode parse(byte[] body) throws IOException {
        try {
            return body.length == 0 ? MissingNode.getInstance() : MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // a proxy's page of text
        }
    }
}
