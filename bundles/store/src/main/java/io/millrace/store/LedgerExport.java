package io.millrace.store;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The journal for people and their programs, as far as it was written when the export began. Everything but the
 * secret numbers of winning tickets is in it. It is read in pieces, so that a slow reader holds up nobody and a long
 * journal fits through a small heap.
 */
final class LedgerExport {

    private static final int PIECE = 500;
    private static final Set<Column> SHOWN = EnumSet.complementOf(EnumSet.of(Column.SECRET));

    /** What others chose the text of. */
    private static final Set<Column> FOREIGN = EnumSet.of(Column.BALANCE, Column.NOTE);

    private final SqlLedger ledger;

    LedgerExport(SqlLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * As CSV (RFC 4180, UTF-8) with a line of names. A text that others chose and that a spreadsheet would take for a
     * formula has an apostrophe in front.
     */
    void csv(OutputStream out) throws IOException {
        Writer writer = writer(out);
        writer.write("number,at," + SHOWN.stream().map(Column::sql).collect(Collectors.joining(",")) + ",hash\r\n");
        long last = ledger.lastNumber();
        for (long done = 0; done < last; done += PIECE) {
            for (JournalRow row : piece(done, last)) {
                List<String> cells = new ArrayList<>(List.of(String.valueOf(row.number()), row.at()));
                for (Column column : SHOWN) {
                    cells.add(cell(column, row.fields().getOrDefault(column, "")));
                }
                cells.add(row.hash());
                writer.write(String.join(",", cells) + "\r\n");
            }
        }
        writer.flush();
    }

    private static String cell(Column column, String text) {
        String shown = FOREIGN.contains(column) && text.matches("(?s)[=+\\-@\t\r].*") ? "'" + text : text;
        return shown.matches("(?s).*[,\"\r\n].*") ? "\"" + shown.replace("\"", "\"\"") + "\"" : shown;
    }

    /**
     * As a JSON array (UTF-8) of an object a row, a line each. Numbers of money, nonces and blocks are strings, since
     * they do not fit into the numbers of many JSON readers.
     */
    void json(OutputStream out) throws IOException {
        Writer writer = writer(out);
        writer.write("[");
        long last = ledger.lastNumber();
        for (long done = 0; done < last; done += PIECE) {
            for (JournalRow row : piece(done, last)) {
                writer.write((row.number() == 1 ? "\n" : ",\n") + object(row));
            }
        }
        writer.write("\n]\n");
        writer.flush();
    }

    private static String object(JournalRow row) {
        StringBuilder text = new StringBuilder("{\"number\":").append(row.number());
        member(text, "at", row.at());
        for (Column column : SHOWN) {
            if (row.fields().containsKey(column)) {
                member(text, column.sql(), row.fields().get(column));
            }
        }
        member(text, "hash", row.hash());
        return text.append('}').toString();
    }

    private static void member(StringBuilder text, String name, String value) {
        text.append(",\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    private List<JournalRow> piece(long done, long last) {
        return ledger.journal(done, (int) Math.min(PIECE, last - done));
    }

    private static Writer writer(OutputStream out) {
        return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }
}
