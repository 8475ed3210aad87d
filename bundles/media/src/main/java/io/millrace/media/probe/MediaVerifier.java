package io.millrace.media.probe;

import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.publish.Verifier;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.ts.TsDemuxer;
import io.millrace.media.web.GoText;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/**
 * Objects to a rendition that is neither a transport stream nor an MP4 file: an orchestrator could have the gateway
 * publish, or hand to its own pusher, whatever bytes it likes. Which of the two was asked for does not matter here.
 */
@Component
public final class MediaVerifier implements Verifier {

    private static final int SHOWN = 8;

    @Override
    public Optional<String> objection(
            Segment source, Offer offer, Completion.Done result, List<Rendition> renditions) {
        return renditions.stream()
                .filter(rendition -> !isMedia(rendition.data().unsafeArray()))
                .map(MediaVerifier::objection)
                .findFirst();
    }

    private static String objection(Rendition rendition) {
        byte[] bytes = rendition.data().unsafeArray();
        return "rendition " + GoText.quoted(rendition.profile().name())
                + " is neither an MPEG transport stream nor an MP4 file: " + bytes.length + " bytes that begin with "
                + HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(SHOWN, bytes.length)));
    }

    private static boolean isMedia(byte[] bytes) {
        return isTransportStream(bytes) || Mp4Probe.detects(bytes) && hasWholeBoxes(bytes);
    }

    private static boolean isTransportStream(byte[] bytes) {
        boolean packets = bytes.length >= TsDemuxer.PACKET && bytes.length % TsDemuxer.PACKET == 0;
        for (int at = 0; packets && at < bytes.length; at += TsDemuxer.PACKET) {
            packets = bytes[at] == TsDemuxer.SYNC;
        }
        return packets;
    }

    /** Whether it is made of boxes of which one is its header. */
    private static boolean hasWholeBoxes(byte[] bytes) {
        boolean[] header = new boolean[1];
        try {
            new Boxes().visit(bytes, 0, bytes.length, (type, from, to) -> header[0] |= type.equals("moov"));
        } catch (UnreadableMedia e) {
            return false;
        }
        return header[0];
    }
}
