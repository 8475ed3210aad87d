package io.millrace.ops.page;

import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.OperatorServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /}, {@code /player/NAME} and their files. The servlet of all paths calls it; anything else is unknown. */
@Component(service = PageServlet.class)
public final class PageServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;

    private static final String INDEX = "/";

    private final transient NodeView node;

    @Activate
    public PageServlet(@Reference NodeView node) {
        super(node::hosts);
        this.node = node;
    }

    /** Answers a request that came to another servlet. */
    public void show(HttpServletRequest request, HttpServletResponse response) throws IOException {
        service(request, response);
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<PageFile> found = PageFile.at(request.getRequestURI());
        if (found.isEmpty()) {
            text(response, HttpServletResponse.SC_NOT_FOUND, "404 page not found");
            return;
        }
        PageFile file = found.get();
        response.setHeader("Content-Security-Policy", policy(request.getHeader("Host"), request.getRequestURI().equals(INDEX)));
        // A page goes out whole each time: what it may load depends on which ports are open now.
        if (!file.isPage()) {
            response.setHeader("Cache-Control", "no-cache");
            response.setHeader("ETag", file.tag());
            if (file.tag().equals(request.getHeader("If-None-Match"))) {
                response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                return;
            }
        }
        send(response, HttpServletResponse.SC_OK, file.type(), file.content());
    }

    /** Only what comes from here runs; only the node's own streams are fetched. The player feeds videos from memory (blob). */
    private String policy(String host, boolean index) {
        String media = MediaOrigin.of(node.status().addresses().get("http"), host).map(origin -> " " + origin).orElse("");
        return "default-src 'self'; connect-src 'self'" + media + "; media-src 'self' blob:" + media
                + "; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors "
                // The web console, which comes from here too, has this page in it.
                + (index ? "'self'" : "'none'");
    }
}
