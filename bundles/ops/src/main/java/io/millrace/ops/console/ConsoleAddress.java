package io.millrace.ops.console;

import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Where the web console is. There is none without the framework's bridge. */
@Component(service = ConsoleAddress.class)
public final class ConsoleAddress {

    private final ConsolePassword password;

    /** Where there is a bridge there is a console. */
    @Activate
    public ConsoleAddress(
            @Reference ConsolePassword password, @Reference(target = "(http.felix.dispatcher=*)") HttpServlet bridge) {
        this.password = password;
    }

    /** Its address on this server; empty when it is switched off. */
    public Optional<URI> on(URI server) {
        return password.enabled() ? Optional.of(server.resolve("/system/console")) : Optional.empty();
    }
}
