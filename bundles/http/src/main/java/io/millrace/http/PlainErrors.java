package io.millrace.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers errors in plain text, as Go's servers do: the text is the message that the servlet gave, or the status and
 * its name. Causes and versions are not told to the peer. There are two handlers, since Jetty has two kinds of them.
 */
final class PlainErrors {

    private PlainErrors() {}

    /** For what a servlet refused. */
    static Request.Handler ofServlets() {
        return new org.eclipse.jetty.ee11.servlet.ErrorHandler() {
            @Override
            public boolean errorPageForMethod(String method) {
                return true;
            }

            @Override
            protected void generateResponse(
                    Request request, Response response, int code, String message, Throwable cause, Callback callback) {
                answer(response, cause == null ? text(code, message) : text(code, null), callback);
            }
        };
    }

    /** For what never reached a servlet. */
    static Request.Handler ofServer() {
        return new org.eclipse.jetty.server.handler.ErrorHandler() {
            @Override
            public boolean errorPageForMethod(String method) {
                return true;
            }

            @Override
            protected void generateResponse(
                    Request request, Response response, int code, String message, Throwable cause, Callback callback) {
                answer(response, text(code, null), callback);
            }
        };
    }

    private static void answer(Response response, String line, Callback callback) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        headers.put("X-Content-Type-Options", "nosniff");
        response.write(true, ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)), callback);
    }

    private static String text(int code, String message) {
        String name = HttpStatus.getMessage(code);
        if (message != null && !message.equals(name)) {
            return message;
        }
        return code == HttpStatus.NOT_FOUND_404 ? "404 page not found" : code + " " + name;
    }
}
