package io.millrace.livepeer.mapping;

import com.google.protobuf.ByteString;
import io.millrace.api.job.Clip;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.ManifestId;
import io.millrace.livepeer.wire.SegData;
import io.millrace.livepeer.wire.SegParameters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The description of a segment that travels in a header beside its bytes. */
public final class SegmentMapping {

    /** The longest segment there is. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private static final Duration UNSAID = Duration.ofSeconds(2);
    private static final long LONGEST_CLIP_MILLIS = Duration.ofDays(365).toMillis();
    /** What the field of a long gone encoding of the profiles holds. */
    private static final ByteString NO_LEGACY_PROFILES = ByteString.copyFromUtf8("invalid");

    private SegmentMapping() {}

    /**
     * To the wire.
     *
     * @param hash of the segment
     * @param sign from the digest to the gateway's signature
     */
    public static SegData toWire(
            Payload.Transcode payload,
            JobSpec spec,
            Optional<AuthToken> token,
            Bytes hash,
            UnaryOperator<Bytes> sign) {
        byte[] manifest = payload.manifest().value().getBytes(StandardCharsets.UTF_8);
        Bytes digest = SegmentDigest.of(manifest, payload.sequence(), hash, payload.profiles());
        SegData.Builder message = SegData.newBuilder()
                .setManifestId(ByteString.copyFrom(manifest))
                .setSeq(payload.sequence())
                .setHash(FixedBytes.write(hash))
                .setProfiles(NO_LEGACY_PROFILES)
                .setSig(FixedBytes.write(sign.apply(digest)))
                .setDuration((int) Math.min(payload.duration().toMillis(), LONGEST.toMillis()))
                .setForceSessionReinit(payload.reinit());
        spec.needs().ifPresent(needs -> message.setCapabilities(CapabilitiesMapping.toWire(needs)));
        token.ifPresent(held -> message.setAuthToken(TokenMapping.toWire(held)));
        payload.clip().ifPresent(clip -> message.setSegmentParameters(SegParameters.newBuilder()
                .setFrom(clip.from().toMillis())
                .setTo(clip.to().toMillis())));
        ProfileMapping.write(payload.profiles(), message);
        return message.build();
    }

    /**
     * What a gateway says of itself where it sends no segment: with an AI job, or a payment.
     *
     * @param balance what is paid into
     * @param sign from the digest to the gateway's signature
     */
    public static SegData credentials(
            BalanceId balance, JobSpec spec, Optional<AuthToken> token, UnaryOperator<Bytes> sign) {
        byte[] manifest = balance.value().getBytes(StandardCharsets.UTF_8);
        Bytes hash = Keccak256.of(Bytes.EMPTY);
        SegData.Builder message = SegData.newBuilder()
                .setManifestId(ByteString.copyFrom(manifest))
                .setHash(FixedBytes.write(hash))
                .setProfiles(NO_LEGACY_PROFILES)
                .setSig(FixedBytes.write(sign.apply(SegmentDigest.of(manifest, 0, hash, List.of()))));
        spec.needs().ifPresent(needs -> message.setCapabilities(CapabilitiesMapping.toWire(needs)));
        token.ifPresent(held -> message.setAuthToken(TokenMapping.toWire(held)));
        return message.build();
    }

    /** From the wire. */
    public static SegmentRequest fromWire(SegData message) throws Malformed {
        List<VideoProfile> profiles = ProfileMapping.read(message);
        Duration duration = duration(message.getDuration());
        byte[] manifest = message.getManifestId().toByteArray();
        Bytes hash = FixedBytes.hash(message.getHash());
        return new SegmentRequest(
                new Payload.Transcode(
                        manifest(manifest),
                        message.getSeq(),
                        duration,
                        profiles,
                        message.hasSegmentParameters()
                                ? Optional.of(clip(message.getSegmentParameters()))
                                : Optional.empty(),
                        message.getForceSessionReinit()),
                JobSpec.needing(
                        message.hasCapabilities()
                                ? CapabilitiesMapping.fromWire(message.getCapabilities())
                                : Capabilities.NONE),
                message.hasAuthToken() ? Optional.of(TokenMapping.fromWire(message.getAuthToken())) : Optional.empty(),
                hash,
                SegmentDigest.of(manifest, message.getSeq(), hash, profiles),
                FixedBytes.any(message.getSig()));
    }

    private static Duration duration(int millis) throws Malformed {
        if (millis < 0 || millis > LONGEST.toMillis()) {
            throw new Malformed("invalid duration");
        }
        return millis == 0 ? UNSAID : Duration.ofMillis(millis);
    }

    private static Clip clip(SegParameters parameters) {
        return new Clip(offset(parameters.getFrom()), offset(parameters.getTo()));
    }

    private static Duration offset(long unsignedMillis) {
        return Duration.ofMillis(
                unsignedMillis < 0 ? LONGEST_CLIP_MILLIS : Math.min(unsignedMillis, LONGEST_CLIP_MILLIS));
    }

    /** A name that is unfit as one is replaced: the wire's names are any bytes, and only logs show them here. */
    private static ManifestId manifest(byte[] name) {
        try {
            return new ManifestId(new String(name, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return new ManifestId("unnamed-" + Keccak256.of(name).hex().substring(0, 8));
        }
    }
}
