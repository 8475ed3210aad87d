package io.millrace.media.push;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Pending;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.SegmentResult;
import io.millrace.api.gateway.StreamGate;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.json.MalformedJson;
import io.millrace.media.probe.SegmentProbe;
import io.millrace.media.profile.InvalidProfile;
import io.millrace.media.profile.Ladder;
import io.millrace.media.web.CountedWarnings;
import io.millrace.media.web.GoText;
import io.millrace.media.web.PerAddress;
import io.millrace.media.web.PlainAnswer;
import io.millrace.media.web.StreamPath;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code PUT|POST /live/<manifest>/<number>.ts|.mp4}: reads a segment, hands it to the gateway, waits
 * and answers, with the renditions where the sender accepts {@code multipart/mixed}. Statuses, texts
 * and the order of the checks are go-livepeer's. Blocks its thread, which is a virtual one.
 */
final class PushServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(PushServlet.class);
    private static final CountedWarnings WARNINGS = new CountedWarnings(LOG::warn, InstantSource.system());
    private static final String RETRY_SECONDS = "2";
    private static final Set<String> KNOWN_CODECS = Set.of("h264", "hevc", "vp8", "vp9");

    private final transient PushStreams streams;
    private final transient Ladder ladder;
    private final transient Budget budget;
    private final transient PushLimits limits;
    private final transient InstantSource clock;
    private final transient RandomGenerator random;
    private final transient PerAddress uploads = new PerAddress();

    PushServlet(
            PushStreams streams,
            Ladder ladder,
            Budget budget,
            PushLimits limits,
            InstantSource clock,
            RandomGenerator random) {
        this.streams = streams;
        this.ladder = ladder;
        this.budget = budget;
        this.limits = limits;
        this.clock = clock;
        this.random = random;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try (Body body = new Body(budget)) {
            push(request, response, body);
        } catch (PushRefused refused) {
            LOG.debug("{} statusCode={}", refused.getMessage(), refused.status());
            if (refused.isBusy()) {
                response.setHeader("Retry-After", RETRY_SECONDS);
            }
            PlainAnswer.send(response, refused.status(), refused.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("Push {} failed inside the gateway", GoText.quoted(request.getRequestURI()), e);
            if (!response.isCommitted()) {
                PlainAnswer.send(response, 500, "http push error err=" + GoText.quoted(String.valueOf(e.getMessage())));
            }
        }
    }

    private void push(HttpServletRequest request, HttpServletResponse response, Body body)
            throws PushRefused, IOException {
        String method = request.getMethod();
        if (!method.equals("POST") && !method.equals("PUT")) {
            throw new PushRefused(
                    405,
                    "http push request wrong method=" + method + " url=" + address(request) + " host="
                            + request.getHeader("Host"));
        }
        Optional<TranscodeConfiguration> configuration = configuration(request);
        String sender = request.getRemoteAddr();
        if (!uploads.enter(sender, limits.uploadsPerAddress())) {
            throw tooMany(sender, "segments at once", limits.uploadsPerAddress());
        }
        try {
            read(request, body);
        } finally {
            uploads.leave(sender);
        }
        PushRequest push = PushRequest.of(request);
        Container container = push.container()
                .orElseThrow(() ->
                        new PushRefused(400, "ignoring file extension: " + push.path().extension()));
        if (push.sliceIsInverted()) {
            throw new PushRefused(
                    400,
                    "Invalid slice config from=" + GoText.duration(push.from()) + " to=" + GoText.duration(push.to()));
        }
        ManifestId external = manifest(push.path().manifest(), push);
        SegmentProbe.Found found = probe(push, body, container);
        long millis = push.millis(found.length());
        LOG.debug(
                "Push {} from {}: {} bytes, {} ms, {}",
                push.url(),
                client(request),
                body.size(),
                millis,
                request.getHeader("Content-Resolution"));
        PushStream stream = enter(push, external, () -> spec(push, external, container, configuration), sender);
        try {
            answer(request, response, push, millis, stream, submit(push, millis, stream, body, found.info()));
        } finally {
            streams.leave(stream);
        }
    }

    private static Optional<TranscodeConfiguration> configuration(HttpServletRequest request) throws PushRefused {
        String header = request.getHeader(TranscodeConfiguration.HEADER);
        if (header == null || header.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(TranscodeConfiguration.parse(header));
        } catch (MalformedJson e) {
            throw new PushRefused(
                    400, "failed to parse transcode config header: " + GoText.quoted(e.getMessage()));
        }
    }

    private void read(HttpServletRequest request, Body body) throws PushRefused {
        Body.Outcome outcome;
        try {
            outcome = body.read(request.getInputStream(), request.getContentLengthLong(), limits.bodyBytes());
        } catch (IOException e) {
            throw new PushRefused(500, "Error reading http request body: " + e.getMessage());
        }
        switch (outcome) {
            case READ -> {}
            case TOO_LARGE ->
                throw new PushRefused(500, "Error reading http request body: input bigger than max buffer size");
            case NO_ROOM -> throw noRoom("another segment");
        }
    }

    private PushRefused noRoom(String what) {
        WARNINGS.warn(
                "room",
                "A push was refused: there is no memory for " + what + ", " + budget.used() + " of " + budget.limit()
                        + " bytes are taken. Give the node more heap, or push less at once.");
        return PushRefused.busy("This gateway has no memory for " + what + " now. Send the segment again in a moment.");
    }

    private static PushRefused tooMany(String sender, String what, int most) {
        WARNINGS.warn(
                what,
                "A push from " + sender + " was refused: one address may push " + most + " " + what
                        + " (setting maxStreamsPerAddress of " + PushIngest.PID + ")");
        return PushRefused.busy("Your address pushes " + most + " " + what
                + " already, which is as many as this gateway takes from one address.");
    }

    private static ManifestId manifest(String name, PushRequest push) throws PushRefused {
        try {
            return new ManifestId(name);
        } catch (IllegalArgumentException e) {
            throw new PushRefused(400, "Bad URL url=" + push.url());
        }
    }

    private static SegmentProbe.Found probe(PushRequest push, Body body, Container container) throws PushRefused {
        SegmentProbe.Found found;
        try {
            found = SegmentProbe.read(body.bytes(), container);
        } catch (UnreadableMedia e) {
            WARNINGS.warn("media", "Segment " + push.url() + " was refused: " + e.getMessage());
            throw new PushRefused(422, "Error getting codec info url=" + push.url());
        }
        String codec = found.info().videoCodec();
        if (!codec.isEmpty() && !KNOWN_CODECS.contains(codec)) {
            throw new PushRefused(422, "Unknown input stream codec=" + codec);
        }
        return found;
    }

    private StreamSpec spec(
            PushRequest push,
            ManifestId external,
            Container container,
            Optional<TranscodeConfiguration> configuration)
            throws InvalidProfile {
        List<VideoProfile> profiles = ladder.profiles();
        ManifestId manifest = external;
        int multiplier = 0;
        if (configuration.isPresent()) {
            TranscodeConfiguration header = configuration.get();
            profiles = header.profilesOr(profiles);
            multiplier = header.timeoutMultiplier();
            String inside = StreamPath.of(header.manifest()).manifest();
            if (!inside.isEmpty()) {
                try {
                    manifest = new ManifestId(inside);
                } catch (IllegalArgumentException e) {
                    throw new InvalidProfile(e.getMessage());
                }
            }
            if (header.storage()) {
                WARNINGS.warn("store", "Push " + push.url() + " asks for an object store of its own, which this node"
                        + " has not: renditions are answered and published here only.");
            }
        }
        List<VideoProfile> formatted = profiles.stream()
                .map(profile -> profile.format() == Container.UNSET ? profile.withFormat(container) : profile)
                .toList();
        return new StreamSpec(manifest, formatted, "http", true, PushLimits.multiplier(multiplier));
    }

    private PushStream enter(
            PushRequest push, ManifestId external, PushStreams.SpecSource source, String sender)
            throws PushRefused {
        try {
            return switch (streams.enter(external, source, sender, limits.streamsPerAddress())) {
                case PushStreams.Entrance.Entered entered -> entered.stream();
                case PushStreams.Entrance.Refused refused -> {
                    WARNINGS.warn("stream", "Push " + push.url() + " was not let in: " + refused.message());
                    throw new PushRefused(status(refused.reason()), "Could not create stream ID: url=" + push.url());
                }
                case PushStreams.Entrance.TooMany none ->
                    throw tooMany(sender, "streams", limits.streamsPerAddress());
            };
        } catch (InvalidProfile e) {
            WARNINGS.warn("profile", "Push " + push.url() + " was not let in: " + e.getMessage());
            throw new PushRefused(500, "Could not create stream ID: url=" + push.url());
        }
    }

    private static int status(StreamGate.Reason reason) {
        return switch (reason) {
            case DUPLICATE -> 403;
            case CAPPED -> 500;
            case DRAINING -> 503;
        };
    }

    private Pending submit(PushRequest push, long millis, PushStream stream, Body body, MediaInfo info)
            throws PushRefused {
        if (millis < 0 || millis > PushLimits.MAX_MILLIS) {
            throw new PushRefused(500, failure(push, stream, "invalid duration " + GoText.seconds(millis)));
        }
        Segment segment = new Segment(
                push.sequence(), Duration.ofMillis(millis), body.bytes(), push.clip(), clock.instant(), false);
        Pending pending = stream.stream().submit(segment, info);
        body.close(); // the gateway has taken the segment, and charges it
        return pending;
    }

    private void answer(
            HttpServletRequest request,
            HttpServletResponse response,
            PushRequest push,
            long millis,
            PushStream stream,
            Pending pending)
            throws PushRefused, IOException {
        StreamSpec spec = stream.stream().spec();
        if (spec.profiles().isEmpty()) {
            response.setStatus(200);
            return;
        }
        Duration patience = limits.answer(Duration.ofMillis(millis), spec.timeoutMultiplier());
        switch (pending.await(Deadline.in(patience, clock))) {
            case SegmentResult.Transcoded made when !made.renditions().isEmpty() -> {
                response.setStatus(200);
                if (MultipartAnswer.TYPE.equals(request.getHeader("Accept"))) {
                    sendBack(response, push, made.renditions());
                }
            }
            case SegmentResult.Transcoded nothing -> throw new PushRefused(503, "No sessions available");
            case SegmentResult.NoSession none -> throw new PushRefused(503, "No sessions available");
            case SegmentResult.Untranscodable bad ->
                throw new PushRefused(422, failure(push, stream, bad.message()));
            case SegmentResult.Dropped dropped -> {
                stream.doubt();
                throw PushRefused.busy(failure(push, stream, dropped.message()));
            }
        }
    }

    // a slow sender keeps what it is sent in memory for as long as it reads
    private void sendBack(HttpServletResponse response, PushRequest push, List<Rendition> renditions)
            throws PushRefused, IOException {
        try (Budget.Charge charge = budget.open("push answer")) {
            for (Rendition rendition : renditions) {
                if (!charge.add(rendition.data().size())) {
                    throw noRoom("the renditions of another segment");
                }
            }
            MultipartAnswer.send(response, push.sequence(), renditions, random);
        }
    }

    private static String failure(PushRequest push, PushStream stream, String reason) {
        return "http push error processing segment url=" + push.url() + " manifestID="
                + stream.stream().spec().manifest() + " err=" + GoText.quoted(reason);
    }

    private static String address(HttpServletRequest request) {
        String query = request.getQueryString();
        return request.getRequestURI() + (query == null ? "" : "?" + query);
    }

    // for the log only: the header is the sender's own word
    private static String client(HttpServletRequest request) {
        String forwarded = request.getHeader("X-Forwarded-For");
        return forwarded == null
                ? request.getRemoteAddr()
                : GoText.quoted(forwarded.split(",", 2)[0].strip());
    }
}
