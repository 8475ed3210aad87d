package io.millrace.livepeer.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;

/** A port on the loopback that remembers what the callers say first, and answers each with the same bytes. */
public final class Listener implements AutoCloseable {

    /** The head of each request. */
    public final LinkedBlockingQueue<String> heads = new LinkedBlockingQueue<>();

    private final ServerSocket server;
    private final Thread thread;

    private volatile Socket current;

    /** Answers with {@code response} and closes the connection. */
    public Listener(String response) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread = Thread.ofVirtual().start(() -> {
            while (true) {
                try (Socket socket = server.accept()) {
                    current = socket;
                    byte[] head = new byte[4096];
                    int count = socket.getInputStream().read(head);
                    heads.add(new String(head, 0, Math.max(count, 0), StandardCharsets.ISO_8859_1));
                    socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    if (server.isClosed()) {
                        return;
                    }
                }
            }
        });
    }

    /** Its port. */
    public int port() {
        return server.getLocalPort();
    }

    /** Its address, in clear text. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    @Override
    public void close() throws IOException {
        server.close();
        // a client may hold one more connection open that it says nothing over
        Socket open = current;
        if (open != null) {
            open.close();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
