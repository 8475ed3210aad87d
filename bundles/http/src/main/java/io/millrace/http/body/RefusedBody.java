package io.millrace.http.body;

import java.io.IOException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.QuietException;

/**
 * The exception that a reader of a refused body gets. Jetty makes its status the answer when the servlet lets it
 * through.
 */
final class RefusedBody extends IOException implements HttpException, QuietException {

    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedBody(int status, String reason) {
        super(reason);
        this.status = status;
    }

    @Override
    public int getCode() {
        return status;
    }

    @Override
    public String getReason() {
        return getMessage();
    }
}
