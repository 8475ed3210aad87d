package io.millrace.livepeer.ai;

import io.millrace.api.value.Bytes;
import io.millrace.livepeer.mapping.Malformed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Promise;

/**
 * A form with one file. A part of another name than those that are looked up is passed over.
 *
 * @param texts of the parts that are no file, by name
 * @param file the file that was looked for
 */
record Multipart(Map<String, String> texts, Optional<File> file) {

    private static final int MAX_PARTS = 100;
    private static final int MAX_HEADERS = 8 << 10;
    private static final int MAX_TEXT = 8 << 20;
    private static final int MAX_NAME = 100;
    private static final int BOUNDARY_BYTES = 30;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A file of a form. */
    record File(String name, Bytes data) {}

    /**
     * Reads a form that is in memory as a whole.
     *
     * @param file the name of the part that is the file
     * @throws Malformed with the words of the network where it has some
     */
    static Multipart read(String contentType, Bytes body, String file) throws Malformed {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            throw new Malformed("request Content-Type isn't multipart/form-data");
        }
        String boundary = MultiPart.extractBoundary(contentType);
        if (boundary == null || boundary.isEmpty()) {
            throw new Malformed("no multipart boundary param in Content-Type");
        }
        MultiPartFormData.Parser parser = new MultiPartFormData.Parser(boundary);
        parser.setMaxParts(MAX_PARTS);
        parser.setPartHeadersMaxLength(MAX_HEADERS);
        parser.setMaxLength(body.size());
        parser.setMaxMemoryFileSize(body.size());
        Map<String, String> texts = new HashMap<>();
        Optional<File> found = Optional.empty();
        CompletableFuture<MultiPartFormData.Parts> parsed = new CompletableFuture<>();
        parser.parse(Content.Source.from(ByteBuffer.wrap(body.unsafeArray())), Promise.Invocable.toPromise(parsed));
        // all of it is in memory: what is not there now never comes
        try (MultiPartFormData.Parts parts = parsed.getNow(null)) {
            if (parts == null) {
                throw new Malformed("the form cannot be read: it breaks off");
            }
            for (MultiPart.Part part : parts) {
                if (file.equals(part.getName())) {
                    found = Optional.of(new File(fileName(part.getFileName(), file), bytes(part)));
                } else if (part.getName() != null && part.getLength() <= MAX_TEXT) {
                    texts.put(part.getName(), part.getContentAsString(StandardCharsets.UTF_8));
                }
            }
        } catch (CompletionException | IllegalArgumentException | IllegalStateException | IOException e) {
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            throw new Malformed("the form cannot be read: " + cause.getMessage());
        }
        return new Multipart(texts, found);
    }

    private static Bytes bytes(MultiPart.Part part) throws IOException {
        ByteBuffer buffer = Content.Source.asByteBuffer(part.createContentSource());
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return Bytes.wrap(bytes);
    }

    /** What may stand between quotes in a header. */
    private static String fileName(String given, String otherwise) {
        String name = given == null ? "" : given.replaceAll("[^A-Za-z0-9._-]", "_");
        return name.isEmpty() ? otherwise : name.substring(Math.max(0, name.length() - MAX_NAME));
    }

    static String boundary() {
        byte[] random = new byte[BOUNDARY_BYTES];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    static void write(ByteArrayOutputStream out, String boundary, String name, File file) {
        write(out, boundary, "name=\"" + name + "\"; filename=\"" + file.name() + "\"\r\n"
                + "Content-Type: application/octet-stream", file.data());
    }

    static void write(ByteArrayOutputStream out, String boundary, String name, String text) {
        write(out, boundary, "name=\"" + name + "\"", Bytes.utf8(text));
    }

    private static void write(ByteArrayOutputStream out, String boundary, String head, Bytes content) {
        out.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; " + head + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(content.unsafeArray());
        out.writeBytes(new byte[] {'\r', '\n'});
    }
}
