package io.millrace.media.rtmp;

import io.millrace.api.gateway.StreamGate;
import io.millrace.api.node.Endpoint;
import io.millrace.media.profile.Ladder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
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

    private final RtmpServer server;
    private final URI uri;

    /** Opens the socket; one that cannot be opened is a line in the log and no ingest. */
    @Activate
    public RtmpComponent(RtmpSettings settings, @Reference StreamGate gate, @Reference Ladder ladder) {
        ListenAddress address = ListenAddress.parse(settings.address());
        RtmpLimits limits =
                new RtmpLimits(
                        positive("maxConnections", settings.maxConnections()),
                        positive("maxPublishers", settings.maxPublishers()),
                        positive("messageBytes", settings.messageBytes()),
                        positive("segmentBytes", settings.segmentBytes()),
                        Duration.ofSeconds(positive("handshakeSeconds", settings.handshakeSeconds())),
                        Duration.ofSeconds(positive("segmentSeconds", settings.segmentSeconds())));
        StreamKeys keys = StreamKeys.of(settings.keys());
        InstantSource clock = InstantSource.system();
        PublishDesk desk = new GateDesk(gate, ladder, keys, limits, clock);
        server = open(address, desk, limits, clock);
        uri = address.uri(server.port());
        LOG.info("RTMP ingest ready on {}", uri);
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
    void close() {
        server.close();
    }

    private static RtmpServer open(ListenAddress address, PublishDesk desk, RtmpLimits limits, InstantSource clock) {
        try {
            return RtmpServer.open(address.socketAddress(), desk, limits, clock);
        } catch (IOException e) {
            String message = "RTMP cannot listen at " + address.text() + ": " + e.getMessage()
                    + ". Free the port, or set address of " + PID + " to another.";
            LOG.error("{}", message);
            throw new IllegalStateException(message, e);
        }
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(PID + ": " + name + " is at least 1, not " + value);
        }
        return value;
    }

    /** {@code host:port}, the host optional, an IPv6 one in brackets. */
    private record ListenAddress(String text, String host, int port) {

        static ListenAddress parse(String text) {
            int colon = text.lastIndexOf(':');
            try {
                int port = Integer.parseInt(text.substring(colon + 1).strip());
                String host = colon < 0 ? "" : text.substring(0, colon).strip();
                if (port < 0 || port > 65_535) {
                    throw new NumberFormatException();
                }
                return new ListenAddress(text, host, port);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(PID + ": address is host:port, not '" + text + "'", e);
            }
        }

        InetSocketAddress socketAddress() throws IOException {
            InetSocketAddress address =
                    host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(bare(), port);
            if (address.isUnresolved()) {
                throw new IOException("the host is unknown");
            }
            return address;
        }

        URI uri(int openPort) {
            boolean any = host.isEmpty() || host.equals("0.0.0.0") || host.equals("[::]");
            return URI.create("rtmp://" + (any ? "127.0.0.1" : host) + ":" + openPort);
        }

        private String bare() {
            return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        }
    }
}
