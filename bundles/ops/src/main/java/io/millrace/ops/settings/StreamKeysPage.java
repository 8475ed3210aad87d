package io.millrace.ops.settings;

import io.millrace.ops.web.Html;
import io.millrace.settings.PasswordFile;
import io.millrace.settings.Pid;
import io.millrace.settings.PrivateFile;
import io.millrace.settings.Secret;
import io.millrace.settings.Setting;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The stream keys as a page of the web console: which streams have one, one more, one less. They are kept in a file of
 * the data folder that only the node's user can read. A change writes a new file and sets the setting to it, so that it
 * is checked and refused as each other change of a setting; then the file before is deleted.
 */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=" + StreamKeysPage.LABEL,
            "felix.webconsole.title=Stream keys",
            "felix.webconsole.category=Millrace"
        })
public final class StreamKeysPage extends HttpServlet {

    static final String LABEL = "streamkeys";

    private static final long serialVersionUID = 1;
    private static final Pid RTMP = Pid.of("io.millrace.media.rtmp");
    private static final String KEYS = "keys";
    private static final String FILE = "stream-keys-";
    private static final String REFERENCE = "file:";
    private static final String NAME = "[A-Za-z0-9._~-]{1,100}";
    private static final String KEY = "[A-Za-z0-9_-]{8,200}";

    private final transient LiveSettings settings;
    private final transient Optional<Path> data;

    /** What became of the last change and has not been shown yet; null when it was. */
    private final transient AtomicReference<Answer> last = new AtomicReference<>();

    /** A sentence, and whether it is good news. */
    private record Answer(boolean done, String text) {}

    @Activate
    public StreamKeysPage(
            @Reference SettingsComponent settings, @Reference(target = "(http.felix.dispatcher=*)") HttpServlet bridge) {
        this(settings.settings(), settings.data());
    }

    StreamKeysPage(LiveSettings settings, Optional<Path> data) {
        this.settings = settings;
        this.data = data;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PrintWriter out = response.getWriter();
        out.print("<div class=\"settings\"><h2>Stream keys</h2>");
        Answer answer = last.getAndSet(null);
        if (answer != null) {
            out.printf("<p class=\"%s\" role=\"status\">%s</p>", answer.done() ? "done" : "problem", Html.text(answer.text()));
        }
        Optional<Setting> declared = settings.schema().setting(RTMP, KEYS);
        if (declared.isEmpty() || data.isEmpty()) {
            out.print("<p>This node takes no streams by RTMP.</p></div>");
            return;
        }
        out.print("<p>Encoders publish to <code>rtmp://HOST:1935/NAME/KEY</code>; in OBS the server is"
                + " <code>rtmp://HOST:1935/live</code> and the stream key <code>NAME/KEY</code>. As soon as one stream has a key,"
                + " only streams with a key are taken. A change counts for who connects from now on.</p>");
        try {
            list(out, read(declared.get()));
        } catch (IOException e) {
            out.printf("<p class=\"problem\">%s</p>", Html.text(e.getMessage()));
        }
        out.print("</div>");
    }

    private void list(PrintWriter out, Map<String, String> keys) {
        out.print(keys.isEmpty() ? "<p><b class=\"refused\">Everybody may publish</b> under any name.</p>" : "<ul>");
        keys.keySet().forEach(name -> out.printf(
                "<li><form method=\"post\" class=\"line\"><a>%1$s</a> <input type=\"hidden\" name=\"remove\" value=\"%1$s\">"
                        + "<button>Remove</button></form></li>",
                Html.text(name)));
        out.print(keys.isEmpty() ? "" : "</ul>");
        if (editable()) {
            out.printf(
                    "<form method=\"post\" autocomplete=\"off\"><div class=\"field\"><label for=\"n\">Name of the stream</label>"
                            + "<input type=\"text\" id=\"n\" name=\"name\" pattern=\"%s\" required></div>"
                            + "<div class=\"field\"><label for=\"k\">Key</label><input type=\"text\" id=\"k\" name=\"key\" pattern=\"%s\">"
                            + "<p class=\"takes\">8 letters, digits or dashes, or more. An empty field makes one; it is shown"
                            + " once. A name that is there already gets the new key.</p></div>"
                            + "<p class=\"actions\"><button>Add</button></p></form>",
                    NAME, KEY);
        } else {
            out.printf("<p>They come from %s: change them there.</p>", Html.text(Secret.shown(settings.raw(RTMP, KEYS))));
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        last.set(change(request));
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", "/system/console/" + LABEL);
    }

    private Answer change(HttpServletRequest request) {
        Optional<Setting> declared = settings.schema().setting(RTMP, KEYS);
        if (declared.isEmpty() || data.isEmpty() || !editable()) {
            return new Answer(false, "The stream keys of this node are not changed here.");
        }
        try {
            Map<String, String> keys = read(declared.get());
            String removed = request.getParameter("remove");
            if (removed != null) {
                keys.remove(removed);
                return write(keys, "Nobody publishes " + removed + " any more"
                        + (keys.isEmpty() ? "; without any key everybody may publish under any name." : "."));
            }
            String name = String.valueOf(request.getParameter("name")).strip();
            String given = String.valueOf(request.getParameter("key")).strip();
            String key = given.isEmpty() ? PasswordFile.random() : given;
            if (!name.matches(NAME) || !key.matches(KEY)) {
                return new Answer(false, "Nothing was changed: a name has letters, digits, dots and dashes, a key at least 8"
                        + " letters, digits or dashes.");
            }
            keys.put(name, key);
            return write(keys, "Publish it to rtmp://HOST:1935/" + name + "/" + (given.isEmpty() ? key : "KEY") + ".");
        } catch (IOException e) {
            return new Answer(false, "Nothing was changed: " + e.getMessage() + ".");
        }
    }

    /** What an operator keeps in a place of their own is theirs. */
    private boolean editable() {
        String value = settings.raw(RTMP, KEYS);
        return !Secret.isReference(value) || own(value).isPresent();
    }

    private Optional<Path> own(String value) {
        return data.map(folder -> REFERENCE + folder.resolve(FILE))
                .filter(value::startsWith)
                .map(prefix -> Path.of(value.substring(REFERENCE.length())));
    }

    private Map<String, String> read(Setting setting) throws IOException {
        return setting.values(Secret.resolved(setting, settings.raw(RTMP, KEYS))).stream()
                .filter(entry -> entry.indexOf('=') > 0)
                .collect(Collectors.toMap(
                        entry -> entry.substring(0, entry.indexOf('=')).strip(),
                        entry -> entry.substring(entry.indexOf('=') + 1).strip(),
                        (first, second) -> second,
                        TreeMap::new));
    }

    private Answer write(Map<String, String> keys, String done) throws IOException {
        Optional<Path> before = own(settings.raw(RTMP, KEYS));
        String value = "";
        Path file = data.orElseThrow().resolve(FILE + Long.toString(System.nanoTime(), Character.MAX_RADIX));
        if (!keys.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            keys.forEach((name, key) -> lines.append(name).append('=').append(key).append('\n'));
            PrivateFile.write(file, lines.toString());
            value = REFERENCE + file;
        }
        ChangeResult result = settings.submit(RTMP, Map.of(KEYS, value));
        if (result.outcome() != ChangeResult.Outcome.DONE) {
            Files.deleteIfExists(file);
            return new Answer(false, result.text());
        }
        if (before.isPresent()) {
            Files.deleteIfExists(before.get());
        }
        return new Answer(true, done);
    }
}
