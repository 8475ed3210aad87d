package io.millrace.ops.bundles;

import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.Authority;
import io.millrace.ops.web.OperatorServlet;
import io.millrace.settings.ClosestName;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code GET /api/bundles}: all of them. {@code POST /api/bundles/NAME/start|stop}, and {@code update} with a
 * jar as body, or without one to read again where the bundle came from. NAME may be NAME:VERSION.
 */
@Component(service = Servlet.class, property = {"millrace.http.server=admin", "millrace.http.path=/api/bundles/*"})
public final class BundlesServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;
    private static final String ALL = "/api/bundles";
    private static final long MAX_JAR = 300_000_000;
    /** Without these bundles, as without the core, no command could start them again. */
    private static final Set<String> NEEDED = Set.of("org.apache.felix.scr", "org.apache.felix.configadmin");

    private final transient BundlesComponent bundles;

    @Activate
    public BundlesServlet(@Reference NodeView node, @Reference Authority authority, @Reference BundlesComponent bundles) {
        super(node::hosts, authority);
        this.bundles = bundles;
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getRequestURI().equals(ALL)) {
            json(
                    response,
                    HttpServletResponse.SC_OK,
                    bundles.all().stream().map(BundleState::toMap).toList());
        } else {
            unknown(response);
        }
    }

    @Override
    protected void change(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo() == null ? "" : request.getPathInfo().substring(1);
        int slash = path.lastIndexOf('/');
        if (!request.getMethod().equals("POST") || slash <= 0) {
            unknown(response);
            return;
        }
        String name = path.substring(0, slash);
        List<Bundle> found = bundles.named(name);
        if (found.size() != 1) {
            text(response, found.isEmpty() ? 404 : 409, found.isEmpty() ? noneOf(name) : severalOf(name, found));
            return;
        }
        try {
            act(path.substring(slash + 1), found.getFirst(), request, response);
        } catch (BundleException e) {
            text(response, 409, "bundle " + name + " did not: " + Framework.said(e) + missing(name));
        } catch (BundleFile.NoBundle e) {
            text(response, 400, "the file " + e.getMessage());
        }
    }

    private void act(String action, Bundle bundle, HttpServletRequest request, HttpServletResponse response)
            throws IOException, BundleException, BundleFile.NoBundle {
        String name = bundle.getSymbolicName();
        if (!action.equals("start") && (DeployFolder.CORE.contains(name) || NEEDED.contains(name))) {
            text(response, 409, "bundle " + name + " answers this very command, or is needed to: put another one into the"
                    + " distribution's bundles/ and start the node again");
            return;
        }
        switch (action) {
            case "start" -> {
                bundles.start(bundle);
                done(bundle, "", response);
            }
            case "stop" -> {
                bundles.stop(bundle);
                done(bundle, ", until it is started or the node is", response);
            }
            case "update" -> done(bundle, update(bundle, request), response);
            default -> unknown(response);
        }
    }

    private void done(Bundle bundle, String more, HttpServletResponse response) throws IOException {
        BundleState now = state(bundle);
        text(response, HttpServletResponse.SC_OK, now.name() + " " + now.version() + " is " + now.state() + more
                + (now.missing().isEmpty() ? "" : ": " + String.join("; ", now.missing())));
    }

    private BundleState state(Bundle bundle) {
        return bundles.all().stream()
                .filter(state -> state.id() == bundle.getBundleId())
                .findFirst()
                .orElseThrow();
    }

    private String update(Bundle bundle, HttpServletRequest request)
            throws IOException, BundleException, BundleFile.NoBundle {
        Path received = Files.createTempFile("millrace-bundle-", ".jar");
        try {
            long size = receive(request, received);
            Path file = size > 0 ? received : Path.of(state(bundle).file());
            BundleFile jar = BundleFile.read(file);
            if (!jar.name().equals(bundle.getSymbolicName())) {
                throw new BundleFile.NoBundle("is " + jar.name() + ", not " + bundle.getSymbolicName());
            }
            return size > 0 ? bundles.update(bundle, jar, Path.of(state(bundle).file())) : bundles.reload(bundle, jar);
        } finally {
            Files.deleteIfExists(received);
        }
    }

    private static long receive(HttpServletRequest request, Path file) throws IOException, BundleFile.NoBundle {
        try (InputStream in = request.getInputStream();
                var out = Files.newOutputStream(file)) {
            byte[] part = new byte[64 << 10];
            long size = 0;
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                size += count;
                if (size > MAX_JAR) {
                    throw new BundleFile.NoBundle("is over " + MAX_JAR + " bytes");
                }
                out.write(part, 0, count);
            }
            return size;
        }
    }

    private String missing(String name) {
        return bundles.all().stream()
                .filter(state -> state.name().equals(name) && !state.missing().isEmpty())
                .map(state -> "; it lacks " + String.join("; ", state.missing()))
                .findFirst()
                .orElse("");
    }

    private String noneOf(String name) {
        return "there is no bundle '" + name + "'."
                + ClosestName.hint(name, bundles.all().stream().map(BundleState::name).distinct().toList());
    }

    private static String severalOf(String name, List<Bundle> found) {
        return "there are several: say which, " + found.stream()
                .map(bundle -> name + ":" + bundle.getVersion())
                .collect(Collectors.joining(" or "));
    }

    private static void unknown(HttpServletResponse response) throws IOException {
        text(response, HttpServletResponse.SC_NOT_FOUND,
                "there are GET /api/bundles and POST /api/bundles/NAME/start, stop and update");
    }
}
