package io.millrace.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers errors in plain text, as Go's servers do: the text is the message that the servlet gave, or the status and
 * its name. Causes and versions are not told to the peer.
 *
 * <p>Servlets have it as well, in place of the handler that Jetty has for them: that one (12.1.14) ends the answer
 * when it is begun, and not when it is written. The write that follows then meets one that is still under way, and
 * the stream is reset.
 */
final class PlainErrors extends ErrorHandler {

    private final boolean messages;

    private PlainErrors(boolean messages) {
        this.messages = messages;
    }

    /** For what a servlet refused. */
    static Request.Handler ofServlets() {
        return new PlainErrors(true);
    }

    /** For what never reached a servlet: the message would be Jetty's own. */
    static Request.Handler ofServer() {
        return new PlainErrors(false);
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        headers.put("X-Content-Type-Options", "nosniff");
        String line = text(code, messages && cause == null ? message : null) + "\n";
        response.write(true, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), callback);
    }

    private static String text(int code, String message) {
        String name = HttpStatus.getMessage(code);
        if (message != null && !message.equals(name)) {
            return message;
        }
        return code == HttpStatus.NOT_FOUND_404 ? "404 page not found" : code + " " + name;
    }
}
