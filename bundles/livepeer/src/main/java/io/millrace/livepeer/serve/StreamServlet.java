package io.millrace.livepeer.serve;

import io.millrace.api.publish.ObjectStore;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /stream/...}: the results of this orchestrator. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=service", "millrace.http.path=/stream/*"})
public final class StreamServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient StoredObjects objects;

    /** Serves what lies in {@code store}. */
    @Activate
    public StreamServlet(@Reference(target = "(role=orchestrator)") ObjectStore store) {
        this.objects = new StoredObjects(store);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        objects.serve(request, response);
    }
}
