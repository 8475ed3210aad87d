package io.millrace.media.rtmp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes AMF0 values. */
final class AmfWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A message of these values: numbers, texts, truth values, maps of them, null. */
    static byte[] message(Object... values) {
        AmfWriter writer = new AmfWriter();
        for (Object value : values) {
            writer.value(value);
        }
        return writer.out.toByteArray();
    }

    private void value(Object value) {
        switch (value) {
            case null -> out.write(5);
            case Number number -> {
                out.write(0);
                long bits = Double.doubleToLongBits(number.doubleValue());
                for (int shift = 56; shift >= 0; shift -= 8) {
                    out.write((int) (bits >> shift));
                }
            }
            case Boolean truth -> {
                out.write(1);
                out.write(truth ? 1 : 0);
            }
            case String text -> {
                out.write(2);
                name(text);
            }
            case Map<?, ?> map -> {
                out.write(3);
                map.forEach(
                        (key, inner) -> {
                            name((String) key);
                            value(inner);
                        });
                name("");
                out.write(9);
            }
            default -> throw new IllegalArgumentException("no AMF0 for " + value.getClass());
        }
    }

    private void name(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes.length >> 8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }
}
