package io.millrace.media.rtmp;

import io.millrace.api.gateway.StreamGate;
import io.millrace.api.node.Endpoint;
import io.millrace.api.secret.SecretReference;
import io.millrace.media.profile.Ladder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The RTMP ingest of a gateway: its socket is open for as long as there is a door to bring streams to. */
@Component(service = Endpoint.class, immediate = true, configurationPid = RtmpComponent.PID)
@Designate(ocd = RtmpSettings.class)
public final class RtmpComponent implements Endpoint {

    static final String PID = "io.millrace.media.rtmp";

    private static final Logger LOG = LoggerFactory.getLogger(RtmpComponent.class);

    private final InstantSource clock = InstantSource.system();
    private final PublishDesk desk;
    private volatile RtmpLimits limits;
    private volatile StreamKeys keys;
    private final List<RtmpServer> retired = new ArrayList<>();
    private ListenAddress address;
    private RtmpServer server;
    private volatile URI uri;

    /** Opens the socket; one that cannot be opened is a line in the log and no ingest. */
    @Activate
    public RtmpComponent(RtmpSettings settings, @Reference StreamGate gate, @Reference Ladder ladder) {
        desk = new GateDesk(gate, ladder, () -> keys, () -> limits, clock);
        take(settings);
    }

    /** Publishers go on under the limits they came with, those at an address that was left too. */
    @Modified
    synchronized void change(RtmpSettings settings) {
        take(settings);
    }

    @Override
    public String name() {
        return "rtmp";
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Deactivate
    synchronized void close() {
        server.close();
        retired.forEach(RtmpServer::close);
    }

    private void take(RtmpSettings settings) {
        ListenAddress wanted = ListenAddress.parse(settings.address());
        RtmpLimits newLimits =
                new RtmpLimits(
                        positive("maxConnections", settings.maxConnections()),
                        positive("maxPublishers", settings.maxPublishers()),
                        positive("messageBytes", settings.messageBytes()),
                        positive("segmentBytes", settings.segmentBytes()),
                        Duration.ofSeconds(positive("handshakeSeconds", settings.handshakeSeconds())),
                        Duration.ofSeconds(positive("segmentSeconds", settings.segmentSeconds())));
        keys = StreamKeys.of(secrets(settings.keys()));
        limits = newLimits;
        if (!wanted.equals(address)) {
            listen(wanted);
        }
    }

    /** Opens the new address, then leaves the old one; the other way round where both are one port. */
    private void listen(ListenAddress wanted) {
        retired.removeIf(RtmpServer::isOver);
        RtmpServer before = server;
        boolean inTheWay = before != null && before.port() == wanted.port();
        try {
            if (inTheWay) {
                before.retire();
            }
            server = open(wanted.socketAddress());
        } catch (IOException e) {
            if (inTheWay) {
                reopen(before);
            }
            String message = "RTMP cannot listen at " + wanted.text() + ": " + e.getMessage()
                    + ". Free the port, or set address of " + PID + " to another.";
            LOG.debug("{}", message, e);
            // Without its cause, which would be shown instead of what to do.
            throw new IllegalStateException(message);
        }
        address = wanted;
        uri = wanted.uri(server.port());
        LOG.info("RTMP ingest ready on {}", uri);
        if (before != null) {
            leave(before);
        }
    }

    private void reopen(RtmpServer before) {
        try {
            server = open(new InetSocketAddress(address.socketAddress().getAddress(), before.port()));
            leave(before);
        } catch (IOException e) {
            LOG.error("RTMP cannot listen at {} again: {}", address.text(), e.getMessage());
            address = null;
        }
    }

    private void leave(RtmpServer before) {
        before.retire();
        retired.add(before);
    }

    private RtmpServer open(InetSocketAddress at) throws IOException {
        return RtmpServer.open(at, desk, () -> limits, clock);
    }

    private static String[] secrets(String[] values) {
        try {
            String[] secrets = new String[values.length];
            for (int i = 0; i < values.length; i++) {
                secrets[i] = SecretReference.read(values[i].strip());
            }
            return secrets;
        } catch (IOException e) {
            throw new IllegalArgumentException("keys cannot be used: " + e.getMessage(), e);
        }
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(PID + ": " + name + " is at least 1, not " + value);
        }
        return value;
    }
}
