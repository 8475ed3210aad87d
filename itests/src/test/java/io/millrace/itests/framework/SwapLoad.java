package io.millrace.itests.framework;

import io.millrace.testkit.SampleSegments;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Streams that are pushed by HTTP, one segment of each after the other, until they are told to end. */
final class SwapLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PART = "Rendition-Name:";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI gateway;
    private final int renditions;
    private final Duration pace;
    private final List<String> names = new ArrayList<>();
    private final List<Thread> publishers = new ArrayList<>();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> tookMillis = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger done = new AtomicInteger();
    private volatile boolean ending;

    /**
     * Starts {@code count} streams whose names begin with {@code name}; each answer must have so many renditions.
     *
     * @param pace least time from one segment of a stream to its next
     */
    SwapLoad(URI gateway, String name, int count, int renditions, Duration pace) {
        this.gateway = gateway;
        this.pace = pace;
        this.renditions = renditions;
        for (int i = 0; i < count; i++) {
            String stream = name + "-" + i;
            names.add(stream);
            publishers.add(Thread.ofVirtual().name("push " + stream).start(() -> push(stream)));
        }
    }

    private void push(String stream) {
        for (int sequence = 0; !ending; sequence++) {
            long begin = System.nanoTime();
            try {
                HttpResponse<byte[]> answer = client.send(request(stream, sequence), BodyHandlers.ofByteArray());
                check(stream + "/" + sequence, answer);
            } catch (IOException e) {
                failures.add(stream + "/" + sequence + ": " + e);
            } catch (InterruptedException e) {
                return;
            }
            tookMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            done.incrementAndGet();
            LockSupport.parkNanos(pace.toNanos() - (System.nanoTime() - begin));
        }
    }

    private HttpRequest request(String stream, int sequence) {
        return HttpRequest.newBuilder(gateway.resolve("/live/" + stream + "/" + sequence + ".ts"))
                .header("Content-Duration", String.valueOf(SampleSegments.DURATION.toMillis()))
                .header("Accept", "multipart/mixed")
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofByteArray(
                        SampleSegments.data(sequence % SampleSegments.COUNT).toArray()))
                .build();
    }

    private void check(String segment, HttpResponse<byte[]> answer) {
        String body = new String(answer.body(), StandardCharsets.ISO_8859_1);
        int parts = body.split(PART, -1).length - 1;
        if (answer.statusCode() != 200 || parts != renditions) {
            failures.add(segment + ": " + answer.statusCode() + ", " + parts + " renditions"
                    + (answer.statusCode() == 200 ? "" : ": " + body.strip()));
        }
    }

    List<String> names() {
        return names;
    }

    /** Waits until so many more segments are answered. */
    void awaitMore(int segments) {
        int wanted = done.get() + segments;
        Wait.until(segments + " more segments; failed: " + failures, () -> done.get() >= wanted);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Forgets how long segments took so far. */
    void resetTimes() {
        tookMillis.clear();
    }

    /** Segments, median and slowest, in words. */
    String times() {
        List<Long> sorted = tookMillis.stream().sorted().toList();
        return sorted.isEmpty()
                ? "no segments"
                : sorted.size() + " segments, median " + sorted.get(sorted.size() / 2) + " ms, slowest "
                        + sorted.getLast() + " ms";
    }

    @Override
    public void close() {
        end();
        client.close();
    }

    /** Waits for the segments in hand; no more come. */
    void end() {
        ending = true;
        try {
            for (Thread publisher : publishers) {
                if (!publisher.join(PATIENCE)) {
                    publisher.interrupt();
                    failures.add(publisher.getName() + " waits for an answer that does not come");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
