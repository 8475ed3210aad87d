package io.millrace.media.rtmp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads AMF0 values: {@link Double}, {@link Boolean}, {@link String}, {@link Map}, {@link List} and
 * null. Depth and number of values are bounded.
 */
final class AmfReader {

    /** Objects within objects at most; commands of encoders have two. */
    private static final int MAX_DEPTH = 8;

    /** Values of a message at most. */
    private static final int MAX_VALUES = 2048;

    private final byte[] bytes;
    private int at;
    private int values;

    private AmfReader(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    /** All values of a message. */
    static List<Object> readAll(byte[] bytes, int from) throws RtmpViolation {
        AmfReader reader = new AmfReader(bytes, from);
        List<Object> all = new ArrayList<>();
        while (reader.at < bytes.length) {
            all.add(reader.value(0));
        }
        return all;
    }

    /**
     * The values of a message up to the first that cannot be read. Encoders have customs of their own: AVM+ values,
     * movie clips, objects without an end, bytes too many.
     */
    static List<Object> readable(byte[] bytes, int from) {
        AmfReader reader = new AmfReader(bytes, from);
        List<Object> all = new ArrayList<>();
        try {
            while (reader.at < bytes.length) {
                all.add(reader.value(0));
            }
        } catch (RtmpViolation rest) {
            reader.at = bytes.length;
        }
        return all;
    }

    private Object value(int depth) throws RtmpViolation {
        if (depth > MAX_DEPTH) {
            throw new RtmpViolation("a command is nested deeper than " + MAX_DEPTH);
        }
        if (++values > MAX_VALUES) {
            throw new RtmpViolation("a command has more than " + MAX_VALUES + " values");
        }
        int marker = uint8();
        return switch (marker) {
            case 0 -> number();
            case 1 -> uint8() != 0;
            case 2 -> text(uint16());
            case 3 -> object(depth);
            case 5, 6, 13 -> null;
            case 7 -> {
                uint16(); // a reference to an earlier object: nothing that is asked for comes so
                yield null;
            }
            case 8 -> {
                need(4);
                at += 4; // the count is a hint only
                yield object(depth);
            }
            case 10 -> list(depth);
            case 11 -> {
                Double date = number();
                uint16(); // time zone
                yield date;
            }
            case 12, 15 -> text(int32());
            case 16 -> {
                text(uint16()); // class name
                yield object(depth);
            }
            default -> throw new RtmpViolation("a command has a value of unknown kind " + marker);
        };
    }

    private Map<String, Object> object(int depth) throws RtmpViolation {
        Map<String, Object> object = new LinkedHashMap<>();
        while (true) {
            String name = text(uint16());
            need(1);
            if (name.isEmpty() && bytes[at] == 9) {
                at++;
                return object;
            }
            object.put(name, value(depth + 1));
        }
    }

    private List<Object> list(int depth) throws RtmpViolation {
        int count = int32();
        if (count < 0 || count > MAX_VALUES) {
            throw new RtmpViolation("a command has more than " + MAX_VALUES + " values");
        }
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(value(depth + 1));
        }
        return list;
    }

    private Double number() throws RtmpViolation {
        return Double.longBitsToDouble((long) int32() << 32 | Integer.toUnsignedLong(int32()));
    }

    private String text(int length) throws RtmpViolation {
        need(length);
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    private int uint8() throws RtmpViolation {
        need(1);
        return bytes[at++] & 0xff;
    }

    private int uint16() throws RtmpViolation {
        return uint8() << 8 | uint8();
    }

    private int int32() throws RtmpViolation {
        return uint16() << 16 | uint16();
    }

    private void need(int count) throws RtmpViolation {
        if (count < 0 || count > bytes.length - at) {
            throw new RtmpViolation("a command ends too early");
        }
    }
}
