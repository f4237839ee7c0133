package dev.zooflow.message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a {@link BlobName} points to: blobs, the newest first, and the generation of whoever made it so. A writer takes a
 * generation above the one it finds; one that finds a generation above its own was replaced meanwhile.
 *
 * @param generation from 1
 * @param blobs at most 16
 */
public record BlobPointer(long generation, List<BlobRef> blobs) {

    private static final int MOST = 16;
    // A line for the generation and one for each blob, every one with its end: what was cut off is none.
    private static final Pattern TEXT =
            Pattern.compile("generation \\d{1,18}\n([0-9a-f]{64} \\d{1,18}\n){0," + MOST + "}");

    /** Copies the list. */
    public BlobPointer {
        blobs = List.copyOf(blobs);
        if (generation < 1 || blobs.size() > MOST) {
            throw new IllegalArgumentException(
                    "pointer of generation (%d) to %d blobs is impossible".formatted(generation, blobs.size()));
        }
    }

    /** The form in which it is stored. */
    public byte[] encode() {
        String lines =
                blobs.stream().map(b -> b.sha256() + " " + b.size() + "\n").collect(Collectors.joining());
        return ("generation " + generation + "\n" + lines).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The pointer in these bytes.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static BlobPointer decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.US_ASCII);
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("%d bytes are no pointer to blobs".formatted(bytes.length));
        }
        List<String[]> lines = text.lines().map(line -> line.split(" ", 2)).toList();
        return new BlobPointer(
                Long.parseLong(lines.get(0)[1]),
                lines.stream()
                        .skip(1)
                        .map(line -> new BlobRef(line[0], Long.parseLong(line[1])))
                        .toList());
    }
}
