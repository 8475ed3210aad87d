package io.millrace.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * A small runner with ai-runner's HTTP interface, for tests: it answers every pipeline with a real picture, sound or text,
 * and in other ways where it is told so. It listens on the loopback interface alone.
 */
public final class AiRunner implements AutoCloseable {

    /** How one path is answered. */
    @FunctionalInterface
    public interface Answer {

        /** Writes the answer. */
        void to(HttpExchange exchange, byte[] request) throws IOException;
    }

    private static final Pattern COUNT = Pattern.compile("\"num_images_per_prompt\":\\s*(\\d+)");

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile String health = "OK";

    /** Listens; port 0 takes a free one. */
    public AiRunner(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /** Runs one on the port that is given, until the process ends. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(new AiRunner(Integer.parseInt(arguments[0])).url());
    }

    /** Its address. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What it says of its health from now on. */
    public void health(String status) {
        health = status;
    }

    /** Answers a path, such as {@code /llm}, in another way. */
    public void answer(String path, Answer answer) {
        answers.put(path, answer);
    }

    /** Answers a path with a status and a text. */
    public void answer(String path, int status, String text) {
        answer(path, (exchange, request) -> send(exchange, status, text));
    }

    /** The paths that it was asked for, in order. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] request = exchange.getRequestBody().readAllBytes();
            asked.add(path);
            Answer other = answers.get(path);
            if (other != null) {
                other.to(exchange, request);
            } else {
                usual(exchange, path, new String(request, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private void usual(HttpExchange exchange, String path, String request) throws IOException {
        switch (path) {
            case "/health" -> send(exchange, 200, "{\"status\":\"" + health + "\"}");
            case "/hardware/info" -> send(exchange, 200, "{\"pipeline\":\"\",\"model_id\":\"\",\"gpu_info\":{}}");
            case "/version" -> send(exchange, 200, "{\"pipeline\":\"\",\"model_id\":\"\",\"version\":\"0.14.1\"}");
            case "/text-to-image", "/image-to-image", "/upscale" -> send(exchange, 200, images(request));
            case "/image-to-video" -> send(exchange, 200, "{\"frames\":[[" + image() + "," + image() + "]]}");
            case "/audio-to-text" ->
                send(exchange, 200, "{\"text\":\"hello there\",\"chunks\":[{\"timestamp\":[0,1],\"text\":\"hello there\"}]}");
            case "/segment-anything-2" ->
                send(exchange, 200, "{\"masks\":\"[[1.0]]\",\"scores\":\"[0.9]\",\"logits\":\"[[[1.0]]]\"}");
            case "/image-to-text" -> send(exchange, 200, "{\"text\":\"a picture\"}");
            case "/text-to-speech" ->
                send(exchange, 200, "{\"audio\":{\"url\":\"" + dataUrl("audio/wav", wave()) + "\"}}");
            case "/llm" -> {
                if (request.replace(" ", "").contains("\"stream\":true")) {
                    stream(exchange);
                } else {
                    send(exchange, 200, chunk("message", "All is well.", "stop"));
                }
            }
            default -> send(exchange, 404, "{\"detail\":{\"msg\":\"no such path\"}}");
        }
    }

    private static String images(String request) {
        Matcher count = COUNT.matcher(request);
        int wanted = count.find() ? Integer.parseInt(count.group(1)) : 1;
        return "{\"images\":[" + String.join(",", Collections.nCopies(wanted, image())) + "]}";
    }

    private static String image() {
        return "{\"url\":\"" + dataUrl("image/png", picture(64, 64)) + "\",\"seed\":7,\"nsfw\":false}";
    }

    private static void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        for (String word : List.of("All ", "is ", "well.")) {
            out.write(("data: " + chunk("delta", word, "") + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
        out.write(("data: " + chunk("delta", "", "stop") + "\n\ndata: [DONE]\n\n").getBytes(StandardCharsets.UTF_8));
    }

    /** One event of a language model, as JSON. */
    public static String chunk(String key, String content, String reason) {
        return "{\"id\":\"chatcmpl-1\",\"model\":\"m\",\"created\":1700000000,\"usage\":{\"prompt_tokens\":7,"
                + "\"completion_tokens\":3,\"total_tokens\":10},\"choices\":[{\"index\":0,\"finish_reason\":\"" + reason
                + "\",\"" + key + "\":{\"role\":\"assistant\",\"content\":\"" + content + "\"}}]}";
    }

    /** Sends a JSON text. */
    public static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String dataUrl(String type, byte[] bytes) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }

    /** A real PNG, all of one grey. */
    public static byte[] picture(int width, int height) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(png, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).array());
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
            deflater.write(new byte[(width + 1) * height]);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        chunk(png, "IDAT", packed.toByteArray());
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] body = ByteBuffer.allocate(4 + data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        CRC32 crc = new CRC32();
        crc.update(body);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(body);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /** A real WAV: two seconds of silence, 8 kHz, 8 bits. */
    public static byte[] wave() {
        int samples = 16_000;
        return ByteBuffer.allocate(44 + samples)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(36 + samples)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(8_000)
                .putInt(8_000)
                .putShort((short) 1)
                .putShort((short) 8)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(samples)
                .array();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
