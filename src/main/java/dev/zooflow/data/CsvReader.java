package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CSV file (UTF-8, gzipped or not) of finite numbers and one column of labels. Every fault is a {@link UserError}
 * that names the file, the line (from 1) and the column.
 */
final class CsvReader {

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final String FORBIDDEN_DELIMITERS = "\"\r\n";

    private final Path file;
    private final CsvLayout layout;
    private final List<double[]> rows = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private @Nullable CsvColumns columns;

    private CsvReader(Path file, CsvLayout layout) {
        this.file = file;
        this.layout = layout;
    }

    static CsvTable read(Path file, CsvLayout layout) {
        if (FORBIDDEN_DELIMITERS.indexOf(layout.delimiter()) >= 0) {
            throw UserError.usage(
                    "task.delimiter (%s) has another meaning in CSV. Maybe \",\"?".formatted(layout.delimiter()));
        }
        return new CsvReader(file, layout).read();
    }

    private CsvTable read() {
        try (HashedInput in = HashedInput.open(file)) {
            // The decoder made by the constructor's Charset would replace malformed bytes instead of reporting them.
            Reader reader =
                    new BufferedReader(new InputStreamReader(in.content(), StandardCharsets.UTF_8.newDecoder()));
            skipByteOrderMark(reader);
            String hash = parse(reader, in);
            return new CsvTable(resolved().featureNames(), rows, labels, hash);
        } catch (CharacterCodingException e) {
            throw UserError.infrastructure("file (%s) is not UTF-8 text. Maybe convert it?".formatted(file), e);
        } catch (IOException e) {
            throw HashedInput.unreadable(file, e);
        }
    }

    private static void skipByteOrderMark(Reader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
    }

    /** Takes in all rows and returns the hash of the content. */
    private String parse(Reader reader, HashedInput in) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(layout.delimiter())
                .setIgnoreSurroundingSpaces(true)
                .get();
        try (CSVParser parser = CSVParser.parse(reader, format)) {
            Iterator<CSVRecord> records = parser.iterator();
            while (records.hasNext()) {
                List<String> cells =
                        records.next().toList().stream().map(String::strip).toList();
                if (!isBlank(cells)) {
                    row(cells, parser.getCurrentLineNumber() - lineBreaks(cells));
                }
            }
            checkRows();
            // Before the parser is closed, because it closes the file with it.
            return in.sha256();
        } catch (UncheckedIOException e) {
            // The parser's messages name the line themselves.
            throw e.getCause();
        }
    }

    private void checkRows() {
        if (rows.isEmpty()) {
            throw UserError.infrastructure("file (%s) holds no rows%s. Maybe another file?"
                    .formatted(file, columns == null ? "" : " after its header"));
        }
    }

    private static boolean isBlank(List<String> cells) {
        return cells.size() == 1 && cells.get(0).isEmpty();
    }

    /** Line breaks within quoted cells, because the parser counts lines up to the end of a row. */
    private static long lineBreaks(List<String> cells) {
        return cells.stream()
                .mapToLong(cell -> cell.chars().filter(c -> c == '\n').count())
                .sum();
    }

    private CsvColumns resolved() {
        if (columns == null) {
            throw new IllegalStateException("no row has been read");
        }
        return columns;
    }

    private void row(List<String> cells, long line) {
        if (columns == null) {
            columns = layout.header()
                    ? CsvColumns.named(file, cells, layout)
                    : CsvColumns.numbered(file, cells.size(), layout);
            if (layout.header()) {
                return;
            }
        }
        CsvColumns known = columns;
        if (cells.size() != known.names().size()) {
            throw UserError.infrastructure(
                    "file (%s) has %d cells in line %d but %d columns. Maybe a missing cell, or another task.delimiter?"
                            .formatted(file, cells.size(), line, known.names().size()));
        }
        double[] numbers = new double[known.features().size()];
        for (int i = 0; i < numbers.length; i++) {
            int column = known.features().get(i);
            numbers[i] = CsvCell.number(file, line, known.names().get(column), cells.get(column));
        }
        rows.add(numbers);
        labels.add(CsvCell.label(file, line, known.names().get(known.label()), cells.get(known.label())));
    }
}
