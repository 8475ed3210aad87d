package io.millrace.itests.process;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pushes segments to a gateway by HTTP and reads the renditions from its answers. */
final class Pusher {

    /** A part of an answer: one rendition of the segment. */
    record Part(String rendition, String type, String disposition, byte[] data) {}

    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final Web web = new Web();
    private final URI http;

    Pusher(URI http) {
        this.http = http;
    }

    /** A request that asks for the renditions of a segment of two seconds. */
    HttpRequest.Builder request(String name, byte[] segment) {
        return HttpRequest.newBuilder(http.resolve("/live/" + name))
                .header("Content-Duration", "2000")
                .header("Accept", "multipart/mixed")
                .timeout(Await.PATIENCE)
                .POST(BodyPublishers.ofByteArray(segment));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) {
        return web.send(request.build());
    }

    /** The parts of a {@code multipart/mixed} answer. */
    static List<Part> parts(HttpResponse<byte[]> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (!type.startsWith("multipart/mixed")) {
            throw new AssertionError("No multipart answer but " + answer.statusCode() + " " + type + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        byte[] line = ("\r\n--" + type.replaceFirst(".*boundary=\"?([^\";]+).*", "$1"))
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] body = answer.body();
        List<Part> parts = new ArrayList<>();
        // The first boundary has no line before it.
        int at = line.length - 2;
        while (body[at] == '\r') {
            int data = indexOf(body, END_OF_HEAD, at) + END_OF_HEAD.length;
            String head = new String(body, at, data - at, StandardCharsets.ISO_8859_1);
            int end = data + Integer.parseInt(header(head, "Content-Length"));
            parts.add(new Part(
                    header(head, "Rendition-Name"),
                    header(head, "Content-Type"),
                    header(head, "Content-Disposition"),
                    Arrays.copyOfRange(body, data, end)));
            at = indexOf(body, line, end) + line.length;
        }
        return parts;
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElseThrow(() -> new AssertionError("A part without " + name + ": " + head));
    }

    private static int indexOf(byte[] body, byte[] wanted, int from) {
        for (int at = from; at <= body.length - wanted.length; at++) {
            if (Arrays.equals(body, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        throw new AssertionError("The answer is cut off after " + body.length + " bytes");
    }
}
