package io.millrace.itests.framework;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Plays a stream as players do: reloads its playlists, loads what is new, and complains. */
final class HlsWatch implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long RELOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final String NUMBER = "#EXT-X-MEDIA-SEQUENCE:";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI master;
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger loaded = new AtomicInteger();
    private final Thread thread;
    private volatile boolean ending;

    HlsWatch(URI gateway, String stream) {
        master = gateway.resolve("/stream/" + stream + ".m3u8");
        thread = Thread.ofVirtual().name("watch " + stream).start(this::watch);
    }

    private void watch() {
        try {
            List<String> renditions = List.of();
            while (renditions.isEmpty() && !ending) {
                HttpResponse<String> answer = get(master);
                if (answer.statusCode() == 200 && answer.body().contains("240p")) {
                    renditions = answer.body().lines().filter(line -> !line.startsWith("#")).toList();
                }
            }
            List<Played> played = renditions.stream().map(Played::new).toList();
            while (!ending) {
                for (Played each : played) {
                    each.reload();
                }
                LockSupport.parkNanos(RELOAD_NANOS);
            }
        } catch (IOException e) {
            complaints.add(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    /** Waits until so many more segments were loaded, of all renditions together. */
    void awaitMore(int segments) {
        int wanted = loaded.get() + segments;
        Wait.until(segments + " more segments below " + master, () -> loaded.get() >= wanted);
    }

    /** What was wrong. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        end();
        client.close();
    }

    /** Ends the playback. */
    void end() {
        ending = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Played {
        private final URI playlist;
        private final Set<String> seen = new HashSet<>();
        private long next = -1;

        Played(String rendition) {
            playlist = master.resolve(rendition);
        }

        void reload() throws IOException, InterruptedException {
            HttpResponse<String> answer = get(playlist);
            if (answer.statusCode() != 200) {
                complaints.add(playlist.getPath() + ": " + answer.statusCode());
                return;
            }
            long first = answer.body().lines()
                    .filter(line -> line.startsWith(NUMBER))
                    .mapToLong(line -> Long.parseLong(line.substring(NUMBER.length())))
                    .findFirst()
                    .orElse(0);
            List<String> segments = answer.body().lines().filter(line -> !line.startsWith("#")).toList();
            long end = first + segments.size();
            if (next >= 0 && (end < next || first > next)) {
                complaints.add(playlist.getPath() + ": lists " + first + " to " + (end - 1) + " after " + (next - 1));
            }
            next = end;
            if (answer.body().contains("#EXT-X-GAP")) {
                complaints.add(playlist.getPath() + ": a gap before " + end);
            }
            if (answer.body().contains("#EXT-X-ENDLIST")) {
                complaints.add(playlist.getPath() + ": ends at " + end);
            }
            for (String segment : segments) {
                if (seen.add(segment)) {
                    int status = get(playlist.resolve(segment)).statusCode();
                    loaded.incrementAndGet();
                    if (status != 200) {
                        complaints.add(segment + ": " + status);
                    }
                }
            }
        }
    }
}
