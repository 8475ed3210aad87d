package io.millrace.livepeer.mapping;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a gateway signs of a segment: its stream, number and hash, and the names of the profiles, not
 * their parameters.
 */
public final class SegmentDigest {

    private static final int PROFILE_ID_BYTES = 4;

    private SegmentDigest() {}

    /** The digest that is signed. */
    public static Bytes of(byte[] manifest, long sequence, Bytes hash, List<VideoProfile> profiles) {
        return Keccak256.of(flatten(manifest, sequence, hash, profiles));
    }

    /**
     * The bytes under the digest: the manifest without a length, the sequence number as 32 bytes
     * big-endian without its sign, the hash, and per profile the first four bytes of the hash of its
     * name as eight hexadecimal digits.
     */
    static Bytes flatten(byte[] manifest, long sequence, Bytes hash, List<VideoProfile> profiles) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(manifest);
        out.writeBytes(BigIntegers.word(BigInteger.valueOf(sequence).abs()));
        out.writeBytes(hash.unsafeArray());
        profiles.forEach(profile -> out.writeBytes(profileId(profile.name()).getBytes(StandardCharsets.US_ASCII)));
        return Bytes.wrap(out.toByteArray());
    }

    /** The short name of a profile that takes part in the digest. */
    static String profileId(String name) {
        return Keccak256.of(name.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 2 * PROFILE_ID_BYTES);
    }
}
