package io.millrace.livepeer.fuzz;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Messages of protobuf by their fields: repeated, nested in themselves, of other types, with numbers at the edges. */
public final class ProtobufGrowth implements Fuzz.Growth {

    private static final long[] EDGES = {
        0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, 300_000, 300_001
    };

    private final ByteGrowth bytes = new ByteGrowth();

    @Override
    public byte[] of(byte[] input, Random random) {
        UnknownFieldSet fields;
        try {
            fields = UnknownFieldSet.parseFrom(input);
        } catch (InvalidProtocolBufferException e) {
            return bytes.of(input, random);
        }
        if (fields.asMap().isEmpty() || random.nextInt(8) == 0) {
            return bytes.of(input, random);
        }
        List<Map.Entry<Integer, Field>> all = new ArrayList<>(fields.asMap().entrySet());
        Map.Entry<Integer, Field> chosen = all.get(random.nextInt(all.size()));
        UnknownFieldSet.Builder grown = fields.toBuilder();
        grown.clearField(chosen.getKey());
        Field changed = changed(chosen.getValue(), chosen.getKey(), input, random);
        int number = random.nextInt(10) == 0 ? 1 + random.nextInt(40) : chosen.getKey();
        return grown.mergeField(number, changed).build().toByteArray();
    }

    private Field changed(Field field, int number, byte[] whole, Random random) {
        Field.Builder out = Field.newBuilder();
        switch (random.nextInt(6)) {
            case 0 -> {
                for (int n = 1 << random.nextInt(10); n > 0; n--) {
                    out.mergeFrom(field);
                }
            }
            case 1 -> out.addVarint(EDGES[random.nextInt(EDGES.length)]);
            case 2 -> out.addLengthDelimited(ByteString.copyFrom(new byte[1 << random.nextInt(18)]));
            case 3 -> out.addLengthDelimited(nested(whole, number, 1 << random.nextInt(9)));
            case 4 -> out.addFixed64(random.nextLong()).addFixed32(random.nextInt());
            default -> {
                out.mergeFrom(field);
                for (ByteString inner : field.getLengthDelimitedList()) {
                    out.addLengthDelimited(ByteString.copyFrom(of(inner.toByteArray(), random)));
                }
            }
        }
        return out.build();
    }

    /** The message inside itself, so many times. */
    private static ByteString nested(byte[] whole, int number, int depth) {
        byte[] inner = whole.length > 1000 ? new byte[0] : whole;
        for (int i = 0; i < depth && inner.length < 100_000; i++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            CodedOutputStream coded = CodedOutputStream.newInstance(out);
            try {
                coded.writeByteArray(number, inner);
                coded.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            inner = out.toByteArray();
        }
        return ByteString.copyFrom(inner);
    }
}
