package io.millrace.livepeer.ai;

import io.millrace.api.publish.ObjectStore;
import io.millrace.livepeer.serve.StoredObjects;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code /results/...}: the images, videos and sounds that a gateway's clients were answered with. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=http", "millrace.http.path=/results/*"})
public final class ResultsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient StoredObjects objects;

    /** Serves what lies in {@code store}. */
    @Activate
    public ResultsServlet(@Reference(target = "(role=gateway)") ObjectStore store) {
        this.objects = new StoredObjects(store);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        objects.serve(request, response);
    }
}
