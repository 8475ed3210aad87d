package io.millrace.ops.settings;

import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.Authority;
import io.millrace.ops.web.OperatorServlet;
import io.millrace.settings.ClosestName;
import io.millrace.settings.Pid;
import io.millrace.settings.ShownSetting;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code GET /api/config}: all settings; {@code /api/config/PID.key}: one. {@code PUT} there sets it to the body,
 * {@code DELETE} takes it out of the node's own file.
 */
@Component(
        service = Servlet.class,
        property = {"millrace.http.server=admin", "millrace.http.path=/api/config", "millrace.http.path=/api/config/*"})
public final class ConfigServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;
    private static final String PATH = "/api/config";
    private static final int MOST_BYTES = 1 << 16;
    private static final int UNPROCESSABLE = 422;

    private final transient LiveSettings settings;

    @Activate
    public ConfigServlet(
            @Reference NodeView node, @Reference Authority authority, @Reference SettingsComponent settings) {
        this(node, authority, settings.settings());
    }

    ConfigServlet(NodeView node, Authority authority, LiveSettings settings) {
        super(node::hosts, authority);
        this.settings = settings;
    }

    /** What the path names below ours; empty for all settings. */
    private static String named(HttpServletRequest request) {
        String path = request.getRequestURI().substring(PATH.length()).replaceFirst("^/", "");
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String key = named(request);
        List<ShownSetting> all = settings.list();
        if (key.isEmpty()) {
            json(response, HttpServletResponse.SC_OK, all.stream().map(ShownSetting::toMap).toList());
            return;
        }
        Optional<ShownSetting> one = all.stream().filter(setting -> setting.key().equals(key)).findFirst();
        if (one.isPresent()) {
            json(response, HttpServletResponse.SC_OK, one.get().toMap());
        } else {
            text(
                    response,
                    HttpServletResponse.SC_NOT_FOUND,
                    "There is no setting '" + key + "' on this node."
                            + ClosestName.hint(key, all.stream().map(ShownSetting::key).toList()));
        }
    }

    @Override
    protected void change(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = named(request);
        int dot = name.lastIndexOf('.');
        if (dot <= 0) {
            text(response, HttpServletResponse.SC_NOT_FOUND, "name a setting: " + PATH + "/PID.key");
            return;
        }
        Pid pid = Pid.of(name.substring(0, dot));
        String key = name.substring(dot + 1);
        switch (request.getMethod()) {
            case "PUT" -> {
                byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
                if (body.length > MOST_BYTES) {
                    text(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                            "a value has at most " + MOST_BYTES + " bytes");
                } else {
                    String value = new String(body, StandardCharsets.UTF_8).replaceFirst("\\R$", "");
                    answer(response, settings.set(pid, key, value));
                }
            }
            case "DELETE" -> answer(response, settings.unset(pid, key));
            default -> notAllowed(response, "GET, HEAD, PUT, DELETE");
        }
    }

    private static void answer(HttpServletResponse response, ChangeResult answer) throws IOException {
        text(
                response,
                switch (answer.outcome()) {
                    case DONE -> HttpServletResponse.SC_OK;
                    case UNKNOWN -> HttpServletResponse.SC_NOT_FOUND;
                    case REFUSED -> UNPROCESSABLE;
                    case FAILED -> HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
                },
                answer.text());
    }
}
