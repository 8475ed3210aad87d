package io.millrace.media.web;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Component;

/** Answers that the gateway's HTTP port is served, as go-livepeer does: 200 and nothing, to any method. */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=http", "millrace.http.path=/healthz"})
public final class HealthServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentLength(0);
    }
}
