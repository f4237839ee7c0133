package dev.zooflow.message;

import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns messages into {@link Envelope}s and back. Networks become safetensors, everything else JSON; a payload above the
 * inline limit goes to the blob store and only its claim check travels. One above the claim limit does not travel at all, and
 * is not fetched, whoever wrote it. Thread-safe.
 */
public final class Codec {

    /** Media type of JSON payloads. */
    public static final String JSON = "application/json";
    /** Media type of payloads that are networks. */
    public static final String SAFETENSORS = "application/vnd.safetensors";

    private static final String SPEC_VERSION = "1.0";
    private static final long JSON_BYTES = 2_048;
    private static final Pattern CLAIM = Pattern.compile("([0-9a-f]{64}):(\\d{1,18})");

    private final BlobStore blobs;
    private final long inlineLimit;
    private final long claimLimit;
    private final String source;
    private final InstantSource clock;

    /**
     * A codec.
     *
     * @param blobs where large payloads go and come from
     * @param inlineLimit largest payload that travels in the message, in bytes
     * @param claimLimit largest payload at all, in bytes
     * @param source URI reference of this process, for {@link Envelope#SOURCE}
     */
    public Codec(BlobStore blobs, long inlineLimit, long claimLimit, String source) {
        this(blobs, inlineLimit, claimLimit, source, InstantSource.system());
    }

    /** A codec with a clock of its own. */
    Codec(BlobStore blobs, long inlineLimit, long claimLimit, String source, InstantSource clock) {
        this.blobs = blobs;
        this.inlineLimit = inlineLimit;
        this.claimLimit = claimLimit;
        this.source = source;
        this.clock = clock;
    }

    /** An event as one line of JSON, as its record holds it; only the names of networks, not their weights. */
    public static String json(Event event) {
        return WeightsPayload.covers(event.getClass())
                ? "{\"id\":\"%s\"}".formatted(event.id())
                : new String(MessageJson.write(event), StandardCharsets.UTF_8);
    }

    /** About how many bytes the payload of a message has, told without encoding it. */
    public static long estimate(Message message) {
        if (WeightsPayload.covers(message.getClass())) {
            return WeightsPayload.estimate(message);
        }
        return JSON_BYTES + (message instanceof Task task ? task.experiment().length() : 0);
    }

    /**
     * The envelope of a message.
     *
     * @throws IOException when a large payload can't be stored
     * @throws IllegalArgumentException when weights are NaN or infinite
     * @throws UserError when the payload is above the claim limit
     */
    public Envelope encode(Message message) throws IOException {
        Class<? extends Message> type = message.getClass();
        boolean weights = WeightsPayload.covers(type);
        byte[] payload = weights ? WeightsPayload.write(message) : MessageJson.write(message);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(Envelope.SPEC_VERSION, SPEC_VERSION);
        headers.put(Envelope.ID, id(message));
        headers.put(Envelope.SOURCE, source);
        headers.put(Envelope.TYPE, MessageTypes.typeOf(type));
        headers.put(Envelope.TIME, clock.instant().toString());
        headers.put(Envelope.CONTENT_TYPE, weights ? SAFETENSORS : JSON);
        headers.put(Envelope.DATA_SCHEMA, MessageTypes.schemaOf(type));
        if (payload.length > inlineLimit) {
            if (payload.length > claimLimit) {
                throw UserError.usage("payload of %s has %s".formatted(id(message), tooMany(payload.length)));
            }
            BlobRef ref = blobs.put(payload);
            headers.put(Envelope.BLOB, ref.sha256() + ":" + ref.size());
            payload = new byte[0];
        }
        return new Envelope(id(message), headers, payload);
    }

    /**
     * The message in an envelope.
     *
     * @throws MalformedMessageException when there is none: what arrived is wrong and stays wrong
     * @throws IOException when the payload can't be fetched from the blob store; another time it may be there
     */
    public Message decode(Envelope envelope) throws MalformedMessageException, IOException {
        if (!envelope.header(Envelope.SPEC_VERSION).equals(SPEC_VERSION)) {
            throw new UnsupportedTypeException("CloudEvents version (%s) is not %s"
                    .formatted(envelope.header(Envelope.SPEC_VERSION), SPEC_VERSION));
        }
        Class<? extends Message> type = MessageTypes.classOf(envelope.header(Envelope.TYPE));
        byte[] payload = payload(envelope);
        Message message =
                WeightsPayload.covers(type) ? WeightsPayload.read(payload, type) : MessageJson.read(payload, type);
        if (!envelope.header(Envelope.ID).equals(id(message)) || !envelope.key().equals(id(message))) {
            throw new MalformedMessageException("id (%s) and key (%s) are not those of the payload (%s)"
                    .formatted(envelope.header(Envelope.ID), envelope.key(), id(message)));
        }
        return message;
    }

    private byte[] payload(Envelope envelope) throws MalformedMessageException, IOException {
        String claim = envelope.headers().get(Envelope.BLOB);
        if (claim == null) {
            return envelope.body();
        }
        BlobRef ref = claim(claim)
                .filter(r -> envelope.body().length == 0)
                .orElseThrow(() -> new MalformedMessageException(
                        "header %s (%s) is no <sha256>:<size> with an empty body".formatted(Envelope.BLOB, claim)));
        if (ref.size() > claimLimit) {
            throw new MalformedMessageException(
                    "header %s (%s) claims %s".formatted(Envelope.BLOB, claim, tooMany(ref.size())));
        }
        // A blob of another size than its claim is not read either.
        return blobs.get(ref);
    }

    private String tooMany(long bytes) {
        return "%,d bytes, more than kafka.claim-limit (%,d). Maybe raise it in all processes?"
                .formatted(bytes, claimLimit);
    }

    /** What the header {@link Envelope#BLOB} refers to; empty when it is malformed. */
    public static Optional<BlobRef> claim(String header) {
        Matcher parts = CLAIM.matcher(header);
        return parts.matches()
                ? Optional.of(new BlobRef(parts.group(1), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    private static String id(Message message) {
        return keyPrefix(message.run()) + message.id();
    }

    /** What the keys of a run's messages begin with, and no other run's. */
    public static String keyPrefix(RunId run) {
        return run + "/";
    }
}
