package io.millrace.livepeer.serve;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Component;

/** {@code /healthz}: an empty 200 says that the socket is served. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=service", "millrace.http.path=/healthz"})
public final class HealthServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        response.setContentLength(0);
    }
}
