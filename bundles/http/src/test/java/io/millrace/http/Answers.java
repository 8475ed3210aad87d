package io.millrace.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A servlet made of a lambda. */
final class Answers extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** What it does. */
    @FunctionalInterface
    interface Call {
        void serve(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException, InterruptedException;
    }

    private final transient Call call;

    Answers(Call call) {
        this.call = call;
    }

    /** Says something. */
    static Answers with(String text) {
        return new Answers((request, response) -> response.getWriter().print(text));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        try {
            call.serve(request, response);
        } catch (InterruptedException e) {
            throw new ServletException(e);
        }
    }
}
