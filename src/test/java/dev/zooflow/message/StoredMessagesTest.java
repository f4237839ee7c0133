package dev.zooflow.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What version 1 wrote is read for ever, and what is written today is what version 1 wrote. */
class StoredMessagesTest {

    @TempDir
    private Path directory;

    static Stream<Message> samples() {
        return MessageSamples.all().stream();
    }

    private static byte[] stored(Message message) throws Exception {
        String type = MessageTypes.typeOf(message.getClass())
                .replace("dev.zooflow.", "")
                .replace(".v1", "");
        String ending = WeightsPayload.covers(message.getClass()) ? "safetensors" : "json";
        try (InputStream in =
                StoredMessagesTest.class.getResourceAsStream("/messages/v1/%s.%s".formatted(type, ending))) {
            assertThat(in).as("stored example of %s", type).isNotNull();
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void storedExamplesAreRead(Message message) throws Exception {
        Envelope envelope = new Envelope(
                message.run() + "/" + message.id(),
                Map.of(
                        Envelope.SPEC_VERSION,
                        "1.0",
                        Envelope.ID,
                        message.run() + "/" + message.id(),
                        Envelope.TYPE,
                        MessageTypes.typeOf(message.getClass())),
                stored(message));

        MessageSamples.assertEqual(codec().decode(envelope), message);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theSameIsWrittenToday(Message message) throws Exception {
        byte[] body = codec().encode(message).body();
        if (WeightsPayload.covers(message.getClass())) {
            assertThat(SafeTensors.decode(body)).isEqualTo(SafeTensors.decode(stored(message)));
        } else {
            ObjectMapper json = new ObjectMapper();
            assertThat(json.readTree(body)).isEqualTo(json.readTree(stored(message)));
        }
    }

    private Codec codec() {
        return new Codec(new FileBlobStore(directory), 1 << 16, 1 << 16, "/zooflow/test");
    }
}
