package io.millrace.livepeer.serve;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Every path that nobody serves, in the words of the network: a gRPC service that is not here, or 404. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=service", "millrace.http.path=/*"})
public final class ElsewhereServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        GrpcCall.serve(Map.of(), request, response);
    }
}
