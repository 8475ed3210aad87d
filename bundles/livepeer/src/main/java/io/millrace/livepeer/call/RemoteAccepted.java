package io.millrace.livepeer.call;

import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.api.job.Failure;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.OfferMapping;
import io.millrace.livepeer.mapping.ResultMapping;
import io.millrace.livepeer.mapping.WebAddress;
import io.millrace.livepeer.web.BodyException;
import io.millrace.livepeer.web.DeadlineExceededException;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.WebClient;
import io.millrace.livepeer.web.WebResponse;
import io.millrace.livepeer.wire.TranscodeData;
import io.millrace.livepeer.wire.TranscodeResult;
import io.millrace.livepeer.wire.TranscodedSegmentData;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A segment that a remote orchestrator has accepted. The rest of the response is its result. */
final class RemoteAccepted implements Accepted {

    /** A result names a handful of renditions; in bytes. */
    private static final long MAX_RESULT = 1 << 20;

    private final Destination peer;
    private final Payload.Transcode payload;
    private final WebResponse response;
    private final WebClient web;

    RemoteAccepted(Destination peer, Payload.Transcode payload, WebResponse response, WebClient web) {
        this.peer = peer;
        this.payload = payload;
        this.response = response;
        this.web = web;
    }

    @Override
    public Completion await(Deadline deadline) {
        try {
            return completion(response.body(MAX_RESULT, deadline));
        } catch (DeadlineExceededException e) {
            return failed(Failure.Kind.TIMEOUT, "body timeout: no result from " + peer + " in time");
        } catch (InvalidProtocolBufferException | Malformed e) {
            return failed(Failure.Kind.PEER, peer + " answered what is no result: " + e.getMessage());
        } catch (BodyException e) {
            return failed(e.isBusy() ? Failure.Kind.BUSY : Failure.Kind.PEER, "the result of " + peer + ": " + e.getMessage());
        } catch (IOException e) {
            return Thread.currentThread().isInterrupted()
                    ? failed(Failure.Kind.CANCELLED, "given up while " + peer + " was at work")
                    : failed(Failure.Kind.PEER, peer + " broke off before its result: " + e.getMessage());
        }
    }

    /** What a result says. */
    Completion completion(Bytes body) throws InvalidProtocolBufferException, Malformed {
        TranscodeResult result = TranscodeResult.parseFrom(body.unsafeArray());
        Optional<Offer> next =
                result.hasInfo() ? Optional.of(OfferMapping.fromWire(result.getInfo())) : Optional.empty();
        return switch (result.getResultCase()) {
            case DATA -> done(result.getData(), next);
            case ERROR -> new Completion.Failed(ErrorTexts.failure(result.getError()), next);
            case RESULT_NOT_SET -> failed(Failure.Kind.PEER, ResultMapping.UNKNOWN_RESPONSE, next);
        };
    }

    private Completion done(TranscodeData data, Optional<Offer> next) throws Malformed {
        int wanted = payload.profiles().size();
        if (data.getSegmentsCount() != wanted) {
            return failed(
                    Failure.Kind.PEER,
                    peer + " answered with " + data.getSegmentsCount() + " renditions instead of " + wanted,
                    next);
        }
        List<Output> outputs = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            TranscodedSegmentData rendition = data.getSegments(i);
            outputs.add(new RemoteOutput(
                    payload.profiles().get(i).name(),
                    peer.at(address(rendition.getUrl())),
                    rendition.getPixels(),
                    web));
        }
        return Completion.Done.of(outputs)
                .withSignature(Bytes.wrap(data.getSig().toByteArray()))
                .withNext(next);
    }

    /** An absolute address as it is, any other below the orchestrator's own. */
    private URI address(String url) throws Malformed {
        Optional<URI> absolute = WebAddress.parse(url);
        if (absolute.isEmpty() && url.startsWith("/")) {
            absolute = WebAddress.parse(peer.address().resolve("/") + url.substring(1));
        }
        return absolute.orElseThrow(() -> new Malformed("a rendition without an address of the web"));
    }

    private static Completion failed(Failure.Kind kind, String message) {
        return failed(kind, message, Optional.empty());
    }

    private static Completion failed(Failure.Kind kind, String message, Optional<Offer> next) {
        return new Completion.Failed(new Failure(kind, message), next);
    }

    @Override
    public void close() {
        response.close();
    }
}
