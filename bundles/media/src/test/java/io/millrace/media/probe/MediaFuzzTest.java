package io.millrace.media.probe;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.value.Bytes;
import io.millrace.media.Fuzz;
import io.millrace.media.Samples;
import io.millrace.media.codec.Aac;
import io.millrace.media.codec.NalUnits;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.flv.AudioTag;
import io.millrace.media.flv.VideoConfig;
import io.millrace.media.flv.VideoTag;
import io.millrace.media.ts.TsDemuxer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments and configuration records made from numbers. */
class MediaFuzzTest {

    private static final VideoProfile PROFILE = VideoProfile.h264("small", 160, 90, 100_000, 30);
    private static final int LARGEST = 1 << 19;

    private static final List<byte[]> AVC_SETS = sets("avc-aac.ts", header -> (header & 0x1f) == 7);
    private static final List<byte[]> HEVC_SETS = sets("hevc-mp3.ts", header -> (header >> 1 & 0x3f) == 33);

    /** The units of pictures that are of a kind. */
    private static List<byte[]> sets(String file, IntPredicate kind) {
        List<byte[]> sets = new ArrayList<>();
        try {
            TsDemuxer.run(Samples.bytes(file), (track, pts, payload, from, to) -> {
                if (track.video()) {
                    NalUnits.visit(payload, from, to, (bytes, begin, end) -> {
                        if (kind.test(bytes[begin])) {
                            sets.add(Arrays.copyOfRange(bytes, begin, end));
                        }
                    });
                }
            });
        } catch (UnreadableMedia e) {
            throw new IllegalStateException(e);
        }
        return sets;
    }

    @ParameterizedTest
    @ValueSource(strings = {"avc-aac.ts", "hevc-mp3.ts", "avc-interlaced.ts", "sound-only.ts"})
    void aTransportStreamOfAnyPacketsIsReadOrRefused(String file) {
        byte[] whole = Samples.bytes(file);
        byte[] sample = Arrays.copyOf(whole, Math.min(whole.length, 188 * 120));
        Fuzz.run(500, random -> {
            byte[] bytes = packets(sample, random);
            new MediaVerifier().objection(null, null, null, List.of(new Rendition(PROFILE, Bytes.wrap(bytes))));
            try {
                MediaInfo info = SegmentProbe.probe(Bytes.wrap(bytes), Container.MPEGTS);
                assertTrue(info.videoFrames() >= 0 && info.videoFrames() <= bytes.length);
                assertTrue(info.codecs().matches("[a-zA-Z0-9.,]*"), info.codecs());
                return true;
            } catch (UnreadableMedia refused) {
                assertFalse(refused.getMessage().isBlank());
                return false;
            }
        });
    }

    /** Repeats, moves and mixes packets, makes tables grow, then changes bytes. */
    private static byte[] packets(byte[] sample, Random random) {
        byte[] now = sample;
        for (int rounds = random.nextInt(4); rounds > 0 && now.length < LARGEST; rounds--) {
            int from = TsDemuxer.PACKET * random.nextInt(now.length / TsDemuxer.PACKET);
            int count = 1 + random.nextInt(Math.min(16, (now.length - from) / TsDemuxer.PACKET));
            int times = random.nextInt(1 << random.nextInt(9));
            now = Fuzz.spliced(now, from, from + count * TsDemuxer.PACKET, times, LARGEST);
            if (now.length < TsDemuxer.PACKET) {
                return now;
            }
        }
        if (random.nextInt(3) == 0) {
            now = Fuzz.spliced(table(random), 0, 188, 1 + random.nextInt(50), LARGEST);
            now = ByteBuffer.allocate(now.length + sample.length).put(now).put(sample).array();
        }
        return random.nextBoolean() ? now : Fuzz.mutated(now, random, LARGEST);
    }

    /** A packet with an association or a map of as many entries as fit, of any kind. */
    private static byte[] table(Random random) {
        byte[] packet = new byte[188];
        random.nextBytes(packet);
        int pid = random.nextBoolean() ? 0 : 0x1000;
        ByteBuffer.wrap(packet)
                .put((byte) 0x47)
                .putShort((short) (0x4000 | pid))
                .put((byte) 0x10)
                .put((byte) 0)
                .put((byte) (pid == 0 ? 0 : 2))
                .putShort((short) (0xb000 | random.nextInt(1100)));
        return packet;
    }

    @Test
    void aConfigurationOfAnySetsIsReadOrRefused() {
        Fuzz.run(5_000, random -> {
            boolean hevc = random.nextBoolean();
            byte[] record = hevc ? hevc(random) : avc(random);
            byte[] bytes = random.nextInt(3) == 0 ? Fuzz.mutated(record, random, 1 << 17) : record;
            try {
                VideoConfig config = hevc
                        ? VideoConfig.hevc(bytes, 0, bytes.length)
                        : VideoConfig.avc(bytes, 0, bytes.length);
                assertTrue(config.format().width() > 0 && config.format().height() > 0);
                byte[] picture = new byte[4 + random.nextInt(100)];
                random.nextBytes(picture);
                if (random.nextInt(3) > 0) {
                    ByteBuffer.wrap(picture).putInt(picture.length - 4);
                }
                byte[] stream = config.byteStream(picture, 0, picture.length, true);
                assertTrue(stream.length <= (64 << 10) + 500, stream.length + " bytes of a small picture");
                return true;
            } catch (UnreadableMedia refused) {
                assertFalse(refused.getMessage().isBlank());
                return false;
            }
        });
    }

    private static byte[] avc(Random random) {
        int sets = random.nextInt(32);
        ByteBuffer record = ByteBuffer.allocate(1 << 20).put(new byte[] {1, 100, 0, 11, -1, (byte) (0xe0 | sets)});
        for (int i = 0; i < sets; i++) {
            put(record, AVC_SETS.get(random.nextInt(AVC_SETS.size())));
        }
        int pictureSets = random.nextInt(1 << random.nextInt(9));
        record.put((byte) pictureSets);
        for (int i = 0; i < pictureSets; i++) {
            put(record, new byte[random.nextInt(1 << random.nextInt(12))]);
        }
        return Arrays.copyOf(record.array(), record.position());
    }

    private static byte[] hevc(Random random) {
        int arrays = random.nextInt(1 << random.nextInt(9));
        ByteBuffer record = ByteBuffer.allocate(1 << 20).put(new byte[21]).put((byte) 3).put((byte) arrays);
        for (int i = 0; i < arrays; i++) {
            int units = random.nextInt(1 << random.nextInt(6));
            int type = 30 + random.nextInt(6);
            record.put((byte) type).putShort((short) units);
            for (int unit = 0; unit < units; unit++) {
                put(record, type == 33 ? HEVC_SETS.getFirst() : new byte[random.nextInt(40)]);
            }
        }
        return Arrays.copyOf(record.array(), record.position());
    }

    private static void put(ByteBuffer record, byte[] set) {
        record.putShort((short) set.length).put(set);
    }

    @Test
    void headsOfMessagesAndSoundConfigurationsAreReadOrRefused() {
        Fuzz.run(200_000, random -> {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = new byte[] {0x17, 0x27, 0x1c, (byte) 0x90, (byte) 0xaf, 0x2f}[random.nextInt(6)];
            }
            try {
                AudioTag audio = AudioTag.read(bytes);
                assertTrue(audio.from() <= bytes.length);
                VideoTag video = VideoTag.read(bytes);
                assertTrue(video.from() <= bytes.length && video.codec().matches("[\\x20-\\x7e]*"));
                byte[] header = new byte[Aac.ADTS_BYTES];
                Aac.parseConfig(bytes, 0, bytes.length).writeAdts(header, 0, random.nextInt(10_000));
                assertTrue(Aac.isAdts(header, 0, header.length));
                return true;
            } catch (UnreadableMedia refused) {
                assertFalse(refused.getMessage().isBlank());
                return false;
            }
        });
    }
}
