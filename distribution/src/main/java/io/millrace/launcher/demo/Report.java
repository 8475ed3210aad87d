package io.millrace.launcher.demo;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.eclipse.parsson.JsonProviderImpl;

/** One line for each segment of the stream, read from what the gateway says, and a line at the end. */
final class Report {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final double TOLERANCE_SECONDS = 0.2;

    /** So many segments in a row that took longer than they play are no accident. */
    private static final int SLOW_IN_A_ROW = 3;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private final URI address;
    private final PrintStream out;
    private final TreeSet<Long> seen = new TreeSet<>();
    private long failed;
    private double video;
    private double work;
    private long bytes;
    private int renditions;
    private int slow;
    private boolean overloaded;

    /**
     * Reads from a gateway.
     *
     * @param admin its operator's address
     */
    Report(URI admin, String stream, PrintStream out) {
        this.out = out;
        address = admin.resolve("/api/streams?segments=120&stream=" + stream);
    }

    /** Prints what is new; whether the stream is still running. */
    synchronized boolean update() throws IOException, InterruptedException {
        Optional<JsonObject> stream = read();
        if (stream.isEmpty()) {
            return false;
        }
        for (JsonObject segment : stream.get().getJsonArray("recent").getValuesAs(JsonObject.class)) {
            long sequence = segment.getJsonNumber("sequence").longValue();
            if (seen.add(sequence)) {
                print(segment, stream.get().getJsonArray("renditions").size());
            }
        }
        return stream.get().getBoolean("live");
    }

    private Optional<JsonObject> read() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(LIMIT).build();
        String body = client.send(request, BodyHandlers.ofString()).body();
        try (JsonReader reader = new JsonProviderImpl().createReader(new StringReader(body))) {
            return reader.readObject().getJsonArray("streams").getValuesAs(JsonObject.class).stream().findFirst();
        } catch (JsonException e) {
            throw new IOException(address + " answered what is no JSON", e);
        }
    }

    private void print(JsonObject segment, int wanted) {
        double seconds = segment.getJsonNumber("seconds").doubleValue();
        String number = String.format(Locale.ROOT, "segment %3d  %5.2f s", segment.getInt("sequence"), seconds);
        List<JsonNumber> sizes = numbers(segment.getJsonArray("bytes"));
        video += seconds;
        renditions = wanted;
        if (!segment.getString("outcome").equals("transcoded") || sizes.size() < wanted) {
            failed++;
            out.println(number + "  " + segment.getString("outcome") + ": " + segment.getString("reason"));
            // Late answers on one machine have the same cause as late work.
            boolean late = segment.getString("reason").contains("in time");
            look(segment.getString("outcome").equals("dropped") ? SLOW_IN_A_ROW : late ? slow + 1 : 0);
            return;
        }
        double took = segment.getJsonNumber("workSeconds").doubleValue();
        work += took;
        StringJoiner parts = new StringJoiner("  ");
        List<JsonString> names = segment.getJsonArray("renditions").getValuesAs(JsonString.class);
        for (int i = 0; i < sizes.size(); i++) {
            bytes += sizes.get(i).longValue();
            parts.add(String.format(
                    Locale.ROOT, "%s %,d B", names.get(i).getString(), sizes.get(i).longValue()));
        }
        out.println(String.format(
                Locale.ROOT, "%s  work %5.2f s  %5.2f x real time  %s", number, took, speed(seconds, took), parts));
        look(took > seconds ? slow + 1 : 0);
    }

    /** How many times faster than it plays something was done: below 1 the stream falls behind. */
    private static double speed(double seconds, double took) {
        return took > 0 ? seconds / took : 0;
    }

    private void look(int slowInARow) {
        slow = slowInARow;
        if (slow >= SLOW_IN_A_ROW && !overloaded) {
            overloaded = true;
            out.println("This machine is overloaded: its segments take longer than they play. End other programs, or"
                    + " give a FILE with a smaller picture, for instance: ffmpeg -i FILE -vf scale=-2:360 -c:v libx264"
                    + " -g 60 -c:a aac small.mp4");
        }
    }

    private static List<JsonNumber> numbers(JsonArray array) {
        return array.getValuesAs(JsonNumber.class);
    }

    /** Prints the last line; whether every rendition of every segment of so much video arrived. */
    boolean summary(double published) {
        return end("INCOMPLETE", published);
    }

    /** Prints the last line of a stream that somebody ended: what was in work then is not missing. */
    void stopped(double published) {
        end("stopped", published);
    }

    private synchronized boolean end(String otherwise, double published) {
        long segments = seen.isEmpty() ? 0 : seen.last() + 1;
        long missing = failed + segments - seen.size();
        boolean complete = segments > 0 && missing == 0 && video >= published - TOLERANCE_SECONDS;
        out.println(String.format(
                Locale.ROOT,
                "%s: %d segments, %.1f of %.1f s of video, %d renditions each, %.2f x real time, %,d bytes, %d missing%s",
                complete ? "complete" : otherwise,
                segments,
                video,
                published,
                renditions,
                speed(video, work),
                bytes,
                missing,
                overloaded ? "; this machine was overloaded" : ""));
        return complete;
    }
}
