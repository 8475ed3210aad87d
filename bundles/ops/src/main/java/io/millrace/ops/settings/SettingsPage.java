package io.millrace.ops.settings;

import io.millrace.ops.web.Html;
import io.millrace.settings.Pid;
import io.millrace.settings.Schema;
import io.millrace.settings.Setting;
import io.millrace.settings.ShownSetting;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The settings as a page of the web console: a list of all configurations, and a form for each, made from what its
 * bundle declares. What is posted is taken as a whole or refused as a whole, and the browser is sent to the form
 * again, which once shows what became of it. The console's door lets nobody else in and no other site's page post.
 */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=" + SettingsPage.LABEL,
            "felix.webconsole.title=Settings",
            "felix.webconsole.category=Millrace"
        })
public final class SettingsPage extends HttpServlet {

    public static final String LABEL = "settings";

    private static final long serialVersionUID = 1;

    private final transient LiveSettings settings;

    /** What was posted last and has not been shown yet; null when it was. */
    private final transient AtomicReference<SettingsForm.Attempt> last = new AtomicReference<>();

    @Activate
    public SettingsPage(
            @Reference SettingsComponent settings, @Reference(target = "(http.felix.dispatcher=*)") HttpServlet bridge) {
        this(settings.settings());
    }

    SettingsPage(LiveSettings settings) {
        this.settings = settings;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PrintWriter out = response.getWriter();
        String kind = request.getParameter("kind");
        String pid = kind == null ? request.getParameter("pid") : kind + "~" + request.getParameter("name");
        out.print("<div class=\"settings\">");
        if (pid == null) {
            overview(out);
        } else {
            form(Pid.of(pid), out);
        }
        out.print("</div>");
    }

    private void overview(PrintWriter out) {
        Schema schema = settings.schema();
        Map<Pid, List<ShownSetting>> all = new TreeMap<>();
        settings.list().forEach(one -> all.computeIfAbsent(one.pid(), p -> new ArrayList<>()).add(one));
        out.print("<p>A change is checked, written to the file of its configuration in the folder config of the node's data,"
                + " and in force at once, unless the setting says something else.</p><ul>");
        all.forEach((pid, shown) -> {
            long set = shown.stream().filter(ShownSetting::differs).count();
            boolean refused = shown.stream().anyMatch(one -> one.refusal().isPresent());
            Schema.Title title = schema.title(pid);
            String name = pid.name().isEmpty() ? title.name() : title.name() + ": " + pid.name();
            out.printf(
                    "<li><a href=\"?pid=%s\">%s</a>%s<p>%s</p></li>",
                    encoded(pid.toString()),
                    Html.text(name),
                    refused ? " <b class=\"refused\">refused</b>" : set > 0 ? " <b>" + set + " set</b>" : "",
                    Html.text(title.description()));
        });
        out.print("</ul>");
        if (!schema.factories().isEmpty()) {
            out.print("<form method=\"get\"><label>One more <select name=\"kind\">");
            schema.factories().forEach(kind -> out.printf(
                    "<option value=\"%s\">%s</option>",
                    Html.text(kind),
                    Html.text(schema.title(Pid.of(kind)).name())));
            out.print("</select></label> <label>with the name <input name=\"name\" pattern=\"[\\w.\\-]+\" required></label>"
                    + " <button>Add</button></form>");
        }
    }

    private void form(Pid pid, PrintWriter out) {
        Schema schema = settings.schema();
        List<ShownSetting> shown = settings.list().stream().filter(one -> one.pid().equals(pid)).toList();
        if (shown.isEmpty() && (pid.name().isEmpty() || !Pid.isOne(pid.toString()) || !schema.has(pid))) {
            out.printf(
                    "<p class=\"problem\">There are no settings '%s' on this node.</p><p><a href=\"settings\">All settings"
                            + "</a></p>",
                    Html.text(pid.toString()));
            return;
        }
        SettingsForm.Attempt attempt = last.getAndSet(null);
        new SettingsForm(pid, schema.title(pid), Optional.ofNullable(attempt).filter(it -> it.pid().equals(pid)), out)
                .print(
                        shown.isEmpty()
                                ? schema.of(pid).values().stream().map(one -> SettingsForm.fresh(pid, one)).toList()
                                : shown);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Pid pid = Pid.of(String.valueOf(request.getParameter("pid")));
        Map<String, String> changed = changed(request, settings.schema().of(pid));
        ChangeResult answer = changed.isEmpty() ? ChangeResult.done("Nothing was changed.") : settings.submit(pid, changed);
        last.set(new SettingsForm.Attempt(pid, changed, answer));
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", "/system/console/" + LABEL + "?pid=" + encoded(pid.toString()));
    }

    /** What differs from what the form showed: others may have changed the rest meanwhile. */
    private static Map<String, String> changed(HttpServletRequest request, Map<String, Setting> declared) {
        Map<String, String> changed = new TreeMap<>();
        Set<String> cleared = request.getParameterValues("clear") == null
                ? Set.of()
                : new TreeSet<>(List.of(request.getParameterValues("clear")));
        declared.forEach((key, setting) -> {
            String value = request.getParameter(SettingsForm.VALUE + key);
            String was = request.getParameter(SettingsForm.SHOWN + key);
            if (cleared.contains(key)) {
                changed.put(key, "");
            } else if (value != null && !value.strip().equals(was == null ? "" : was)) {
                changed.put(key, value.strip());
            }
        });
        return changed;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
