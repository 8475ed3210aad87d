package io.millrace.livepeer.serve;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/**
 * What is left of a body when its request was refused. The answer goes out first; then the body is
 * taken and dropped, because the server would cut it off with a reset, on which some HTTP/2 clients
 * forget the answer that they already have. Only a body too large to be a usual segment is cut off.
 */
public final class UnreadBody {

    private static final long MAX_BYTES = 16 << 20;

    private UnreadBody() {}

    /** Sends the answer and takes what is left of the body. */
    public static void drop(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.flushBuffer();
        byte[] dropped = new byte[16 << 10];
        InputStream in = request.getInputStream();
        long size = 0;
        for (int count = in.read(dropped); count >= 0 && size <= MAX_BYTES; count = in.read(dropped)) {
            size += count;
        }
    }
}
