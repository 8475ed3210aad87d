package io.millrace.livepeer.serve;

import io.millrace.api.publish.ObjectStore;
import io.millrace.api.value.Bytes;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** Results that wait to be fetched. No account is asked for: a path holds the session's random name. */
public final class StoredObjects {

    private final ObjectStore store;

    /** Serves what lies in {@code store}. */
    public StoredObjects(ObjectStore store) {
        this.store = store;
    }

    /** Answers with the object at the path below the servlet's own. */
    public void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Access-Control-Expose-Headers", "Content-Length");
        response.setHeader("Cache-Control", "max-age=5");
        response.setHeader("X-Content-Type-Options", "nosniff");
        String info = request.getPathInfo();
        String path = info == null || info.isEmpty() ? "" : info.substring(1);
        Optional<Bytes> object = store.get(path);
        if (object.isEmpty()) {
            new PlainText(404, "ErrNotFound").send(response);
            return;
        }
        response.setContentType(contentType(path));
        response.setContentLengthLong(object.get().size());
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(object.get().unsafeArray());
        }
    }

    private static String contentType(String path) {
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "ts" -> "video/mp2t";
            case "mp4" -> "video/mp4";
            case "png" -> "image/png";
            case "jpg" -> "image/jpeg";
            case "gif" -> "image/gif";
            case "wav" -> "audio/wav";
            default -> "application/octet-stream";
        };
    }
}
