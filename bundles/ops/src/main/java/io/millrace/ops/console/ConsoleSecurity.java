package io.millrace.ops.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Tells the web console that every request that passed {@link ConsoleServlet} may do everything, and no other request
 * anything.
 */
@Component(
        service = SecurityProvider.class,
        property = SecurityProvider.PROPERTY_ID + "=millrace")
public final class ConsoleSecurity implements SecurityProvider {

    @Activate
    public ConsoleSecurity(@Reference ConsolePassword password) {}

    @Override
    public Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        Object user = request.getAttribute(ConsoleServlet.USER);
        if (user == null) {
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        }
        return user;
    }

    @Override
    public boolean authorize(Object user, String role) {
        return user != null;
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    }
}
