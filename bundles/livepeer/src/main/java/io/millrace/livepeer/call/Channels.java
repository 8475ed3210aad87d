package io.millrace.livepeer.call;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.GlobalEventExecutor;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.web.CheckedAddresses;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.TolerantCertificates;
import io.millrace.livepeer.web.TrustAnyCertificate;
import io.millrace.livepeer.web.WebClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gRPC channel for each address, as many as configured; the one unused for longest makes room. The
 * event loop and the executors are its own: with gRPC's shared ones, threads would go on in classes of a
 * bundle that was replaced. Thread-safe.
 */
final class Channels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    /** An offer has some kilobytes. */
    private static final int MAX_MESSAGE = 1 << 20;

    private final CheckedAddresses addresses;
    private final int limit;
    private final Duration idle;
    private final EventLoopGroup loop = TemporaryThread.call("livepeer-start", Channels::loop);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final SslContext tls = TemporaryThread.call("livepeer-start", Channels::tls);
    private final Map<String, ManagedChannel> channels = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    /**
     * Connects to nobody yet.
     *
     * @param addresses where connections may go
     * @param limit channels kept
     * @param idle after which a channel's connection is closed
     */
    Channels(CheckedAddresses addresses, int limit, Duration idle) {
        this.addresses = addresses;
        this.limit = limit;
        this.idle = idle;
        TolerantCertificates.acquire();
    }

    /**
     * The channel to {@code peer}; clear text where its scheme is http. A channel keeps to the socket address that was
     * checked when it was opened.
     *
     * @throws IOException when the node does not connect there
     */
    ManagedChannel to(Destination peer, Deadline deadline) throws IOException {
        Optional<ManagedChannel> known = known(peer);
        if (known.isPresent()) {
            return known.get();
        }
        // Resolving a name takes its time: nobody else waits for it.
        InetSocketAddress checked = addresses.check(peer, deadline);
        List<ManagedChannel> left = new ArrayList<>();
        try {
            return add(peer, checked, left);
        } finally {
            left.forEach(ManagedChannel::shutdown);
        }
    }

    private synchronized Optional<ManagedChannel> known(Destination peer) {
        if (closed) {
            throw new IllegalStateException("the protocol bundle is being stopped");
        }
        return Optional.ofNullable(channels.get(peer.key()));
    }

    private synchronized ManagedChannel add(Destination peer, InetSocketAddress checked, List<ManagedChannel> left) {
        if (closed) {
            throw new IllegalStateException("the protocol bundle is being stopped");
        }
        ManagedChannel channel = channels.computeIfAbsent(peer.key(), key -> open(peer, checked));
        if (channels.size() > limit) {
            var eldest = channels.entrySet().iterator();
            left.add(eldest.next().getValue());
            eldest.remove();
        }
        return channel;
    }

    /** Forgets a channel that failed: a new one connects at once, where gRPC would back off for minutes. */
    void discard(Destination peer, ManagedChannel failed) {
        synchronized (this) {
            channels.remove(peer.key(), failed);
        }
        failed.shutdown();
    }

    private static EventLoopGroup loop() {
        return new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("livepeer-grpc", true), NioIoHandler.newFactory());
    }

    private ManagedChannel open(Destination peer, InetSocketAddress checked) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(checked)
                .overrideAuthority(peer.address().getHost() + ":" + checked.getPort())
                .channelType(NioSocketChannel.class)
                .eventLoopGroup(loop)
                .executor(executor)
                .offloadExecutor(executor)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) WebClient.CONNECT.toMillis())
                .maxInboundMessageSize(MAX_MESSAGE)
                .idleTimeout(idle.toMillis(), TimeUnit.MILLISECONDS)
                .disableRetry();
        return peer.isTls() ? builder.sslContext(tls).build() : builder.usePlaintext().build();
    }

    /** The JDK's TLS: it is loaded for HTTP anyway, and the native one stays out of the bundle. */
    private static SslContext tls() {
        try {
            return GrpcSslContexts.configure(GrpcSslContexts.forClient(), SslProvider.JDK)
                    .trustManager(new TrustAnyCertificate())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    @Override
    public void close() {
        TemporaryThread.run("livepeer-stop", this::stop);
    }

    private void stop() {
        List<ManagedChannel> left;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            left = List.copyOf(channels.values());
        }
        TolerantCertificates.release();
        left.forEach(ManagedChannel::shutdownNow);
        try {
            for (ManagedChannel channel : left) {
                channel.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
            }
            loop.shutdownGracefully(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS).sync();
            GlobalEventExecutor.INSTANCE.awaitInactivity(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
            executor.shutdownNow();
            executor.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Connections to orchestrators were not all closed: the stop was interrupted.");
        }
    }
}
