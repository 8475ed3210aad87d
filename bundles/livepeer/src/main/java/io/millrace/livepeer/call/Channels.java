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
import io.millrace.livepeer.web.AnyCertificate;
import io.millrace.livepeer.web.TolerantCertificates;
import io.millrace.livepeer.web.WebClient;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final int limit;
    private final Duration idle;
    private final EventLoopGroup loop = OwnThread.call("livepeer-start", Channels::loop);
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final SslContext tls = OwnThread.call("livepeer-start", Channels::tls);
    private final Map<String, ManagedChannel> channels = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    /**
     * Connects to nobody yet.
     *
     * @param limit channels kept
     * @param idle after which a channel's connection is closed
     */
    Channels(int limit, Duration idle) {
        this.limit = limit;
        this.idle = idle;
        TolerantCertificates.acquire();
    }

    /** The channel to the host and port of {@code address}; clear text where its scheme is http. */
    synchronized ManagedChannel to(URI address) {
        if (closed) {
            throw new IllegalStateException("the protocol bundle is being stopped");
        }
        ManagedChannel channel = channels.computeIfAbsent(key(address), key -> open(address));
        if (channels.size() > limit) {
            var eldest = channels.entrySet().iterator();
            eldest.next().getValue().shutdown();
            eldest.remove();
        }
        return channel;
    }

    /** Forgets a channel that failed: a new one connects at once, where gRPC would back off for minutes. */
    synchronized void discard(URI address, ManagedChannel failed) {
        if (channels.remove(key(address), failed)) {
            failed.shutdown();
        }
    }

    private static EventLoopGroup loop() {
        return new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("livepeer-grpc", true), NioIoHandler.newFactory());
    }

    private ManagedChannel open(URI address) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.getHost(), port(address))
                .channelType(NioSocketChannel.class)
                .eventLoopGroup(loop)
                .executor(executor)
                .offloadExecutor(executor)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) WebClient.CONNECT.toMillis())
                .idleTimeout(idle.toMillis(), TimeUnit.MILLISECONDS)
                .disableRetry();
        return isTls(address) ? builder.sslContext(tls).build() : builder.usePlaintext().build();
    }

    /** The JDK's TLS: it is loaded for HTTP anyway, and the native one stays out of the bundle. */
    private static SslContext tls() {
        try {
            return GrpcSslContexts.configure(GrpcSslContexts.forClient(), SslProvider.JDK)
                    .trustManager(new AnyCertificate())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private static String key(URI address) {
        return (isTls(address) ? "https://" : "http://") + address.getHost() + ":" + port(address);
    }

    private static boolean isTls(URI address) {
        return "https".equalsIgnoreCase(address.getScheme());
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return isTls(address) ? HTTPS_PORT : HTTP_PORT;
    }

    @Override
    public void close() {
        OwnThread.run("livepeer-stop", this::stop);
    }

    private void stop() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            TolerantCertificates.release();
            channels.values().forEach(ManagedChannel::shutdownNow);
        }
        try {
            for (ManagedChannel channel : channels.values()) {
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
