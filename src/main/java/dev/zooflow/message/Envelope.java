package dev.zooflow.message;

import java.util.Map;

/**
 * A message as it travels: a record key, CloudEvents 1.0 attributes in headers (binary mode) and a body.
 *
 * <p>A body above the inline limit is in the blob store instead: the body is then empty and the header {@link #BLOB}
 * holds {@code <sha256>:<size>}.
 *
 * @param key the message's id, as {@link #ID}
 * @param headers by name
 * @param body JSON or safetensors, as {@link #CONTENT_TYPE} says; not copied, treated as immutable
 */
public record Envelope(String key, Map<String, String> headers, byte[] body) {

    /** Version of CloudEvents: 1.0. */
    public static final String SPEC_VERSION = "ce_specversion";
    /** Run and message id, {@code <run>/<id>}: equal for every publication of the same happening. */
    public static final String ID = "ce_id";
    /** The process that published it, as a URI reference. */
    public static final String SOURCE = "ce_source";
    /** One of {@link MessageTypes}. */
    public static final String TYPE = "ce_type";
    /** When it was published, RFC 3339. */
    public static final String TIME = "ce_time";
    /** Media type of the payload. */
    public static final String CONTENT_TYPE = "content-type";
    /** URI of the payload's schema. */
    public static final String DATA_SCHEMA = "ce_dataschema";
    /** Claim check: hash and size of the payload in the blob store. */
    public static final String BLOB = "zooflow_blob";

    /** Copies the headers. */
    public Envelope {
        headers = Map.copyOf(headers);
    }

    /**
     * The value of a header.
     *
     * @throws MalformedMessageException when it is missing
     */
    public String header(String name) throws MalformedMessageException {
        String value = headers.get(name);
        if (value == null) {
            throw new MalformedMessageException("header (%s) is missing. Maybe no CloudEvent?".formatted(name));
        }
        return value;
    }
}
