package io.millrace.media.rtmp;

import io.millrace.api.gateway.StreamGate;
import io.millrace.api.resource.Budget;
import io.millrace.api.secret.SecretReference;
import io.millrace.media.profile.Ladder;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.service.component.ComponentFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The RTMP ingest of a gateway. Its socket is open for as long as there is a gateway to bring streams to. */
@Component(service = {}, immediate = true, configurationPid = RtmpComponent.PID)
@Designate(ocd = RtmpSettings.class)
public final class RtmpComponent {

    static final String PID = "io.millrace.media.rtmp";

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final RtmpPorts listening;
    private volatile Plan plan;

    /** What is in force. */
    private record Plan(ListenAddress address, RtmpLimits limits, StreamKeys keys) {}

    /** Opens the socket, as soon as that can be. */
    @Activate
    public RtmpComponent(
            RtmpSettings settings,
            @Reference StreamGate gate,
            @Reference Ladder ladder,
            @Reference(target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")") Budget budget,
            @Reference(target = "(component.factory=" + OpenRtmp.FACTORY + ")")
                    ComponentFactory<OpenRtmp> endpoints) {
        InstantSource clock = InstantSource.system();
        PublishAuthorizer authorizer = new GatewayAuthorizer(gate, ladder, () -> plan.keys(), () -> plan.limits(), budget, clock);
        listening = new RtmpPorts(
                address -> RtmpServer.open(address, authorizer, () -> plan.limits(), budget, clock),
                uri -> endpoints.newInstance(new Hashtable<>(Map.of(OpenRtmp.ADDRESS, uri.toString())))::dispose,
                FIRST_PAUSE);
        plan = plan(settings);
        listening.begin(plan.address());
    }

    /** Publishers that are connected keep the limits that they came with, also those at a former address. */
    @Modified
    void change(RtmpSettings settings) {
        Plan next = plan(settings);
        listening.change(next.address());
        plan = next;
    }

    @Deactivate
    void close() {
        listening.close();
    }

    private static Plan plan(RtmpSettings settings) {
        RtmpLimits limits =
                new RtmpLimits(
                        positive("maxConnections", settings.maxConnections()),
                        atLeast(0, "maxConnectionsPerAddress", settings.maxConnectionsPerAddress()),
                        positive("maxPublishers", settings.maxPublishers()),
                        positive("messageBytes", settings.messageBytes()),
                        positive("segmentBytes", settings.segmentBytes()),
                        Duration.ofSeconds(positive("handshakeSeconds", settings.handshakeSeconds())),
                        Duration.ofSeconds(positive("segmentSeconds", settings.segmentSeconds())));
        return new Plan(
                ListenAddress.parse(settings.address()), limits, StreamKeys.of(secrets(settings.keys())));
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
        return atLeast(1, name, value);
    }

    private static int atLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(PID + ": " + name + " is at least " + least + ", not " + value);
        }
        return value;
    }
}
