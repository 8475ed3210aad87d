package io.millrace.arbitrum;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire between a node and its chain that can be cut: all of it, or the answers to one method. */
final class Proxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile String silenced = "";

    Proxy(URI url) throws IOException {
        target = url.getPort();
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** From now on nothing comes through. */
    void cut() {
        cut = true;
        sockets.forEach(Proxy::close);
    }

    /** From now on requests of this method come through, and the wire breaks before the answer. */
    void silence(String method) {
        silenced = method;
    }

    void mend() {
        cut = false;
        silenced = "";
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                if (cut) {
                    close(client);
                    continue;
                }
                Socket chain = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(chain);
                Thread.startVirtualThread(() -> pass(client, chain, true));
                Thread.startVirtualThread(() -> pass(chain, client, false));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pass(Socket from, Socket to, boolean requests) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0 && !cut; read = in.read(buffer)) {
                String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
                boolean last = requests && !silenced.isEmpty() && text.contains(silenced);
                if (last) {
                    close(from);
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // cut
        } finally {
            close(from);
            if (!requests || cut) {
                close(to);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is no longer open, which is what was wanted
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
