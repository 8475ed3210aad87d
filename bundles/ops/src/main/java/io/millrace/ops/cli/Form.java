package io.millrace.ops.cli;

import jakarta.servlet.http.HttpServletRequest;

/** The parameters of a request, from its query or its body. */
record Form(HttpServletRequest request) {

    /** The value of a parameter; empty when it was not sent. */
    String value(String name) {
        String value = request.getParameter(name);
        return value == null ? "" : value;
    }

    /** The value of a header; empty when it was not sent. */
    String header(String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }

    boolean posted() {
        return request.getMethod().equals("POST");
    }
}
