package io.millrace.ops.settings;

import io.millrace.ops.web.Html;
import io.millrace.settings.Layer;
import io.millrace.settings.Pid;
import io.millrace.settings.Schema;
import io.millrace.settings.Setting;
import io.millrace.settings.SettingsCheck;
import io.millrace.settings.ShownSetting;
import io.millrace.settings.Type;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The form of one configuration, as it is written once. No secret is in it. */
final class SettingsForm {

    static final String VALUE = "v.";

    static final String SHOWN = "was.";

    /**
     * What was posted, and what became of it.
     *
     * @param values by key, as they were typed
     */
    record Attempt(Pid pid, Map<String, String> values, ChangeResult answer) {}

    private final Pid pid;
    private final Schema.Title title;
    private final Optional<Attempt> attempt;
    private final PrintWriter out;

    SettingsForm(Pid pid, Schema.Title title, Optional<Attempt> attempt, PrintWriter out) {
        this.pid = pid;
        this.title = title;
        this.attempt = attempt;
        this.out = out;
    }

    static ShownSetting fresh(Pid pid, Setting setting) {
        String standard = setting.secret() ? "" : setting.standard().orElse("");
        return new ShownSetting(pid, setting, standard, standard, Layer.BUNDLE, Layer.BUNDLE.toString(), Optional.empty());
    }

    void print(List<ShownSetting> settings) {
        out.printf(
                "<p><a href=\"settings\">All settings</a></p><h2>%s</h2><p>%s</p><p><code>%s</code></p>",
                Html.text(title.name()), Html.text(title.description()), Html.text(pid.toString()));
        attempt.map(Attempt::answer).ifPresent(answer -> out.printf(
                "<p class=\"%s\" role=\"status\">%s</p>",
                answer.outcome() == ChangeResult.Outcome.DONE ? "done" : "problem",
                answer.problems().isEmpty()
                        ? Html.text(answer.text())
                        : "Nothing was changed; see what is said at the fields below."));
        out.printf(
                "<form method=\"post\" action=\"settings\" autocomplete=\"off\"><input type=\"hidden\" name=\"pid\""
                        + " value=\"%s\">",
                Html.text(pid.toString()));
        settings.forEach(this::field);
        out.print("<p class=\"actions\"><button>Save</button></p></form>");
    }

    private void field(ShownSetting shown) {
        Setting setting = shown.setting();
        String key = setting.key();
        String id = Html.text("f-" + key);
        Optional<String> problem =
                attempt.map(tried -> tried.answer().problems().get(key)).or(shown::refusal);
        out.printf(
                "<div class=\"field%s\"><label for=\"%s\">%s <code>%s</code></label>",
                problem.isPresent() ? " bad" : "", id, Html.text(setting.name()), Html.text(key));
        input(shown, id);
        problem.ifPresent(text -> out.printf("<p class=\"problem\" id=\"%s-problem\">%s</p>", id, Html.text(text)));
        out.printf("<p>%s</p><p class=\"takes\">%s</p></div>", Html.text(setting.description()), Html.text(takes(shown)));
    }

    private void input(ShownSetting shown, String id) {
        Setting setting = shown.setting();
        String name = Html.text(VALUE + setting.key());
        String typed = attempt.filter(tried -> tried.answer().outcome() != ChangeResult.Outcome.DONE)
                .map(tried -> tried.values().get(setting.key()))
                .orElse(shown.value());
        if (setting.secret()) {
            out.printf(
                    "<input type=\"password\" id=\"%s\" name=\"%s\" autocomplete=\"new-password\" placeholder=\"%s\">",
                    id, name, shown.value().isEmpty() ? "not set" : Html.text(shown.value()));
            if (!shown.value().isEmpty()) {
                out.printf(
                        "<label class=\"clear\"><input type=\"checkbox\" name=\"clear\" value=\"%s\"> take it away</label>",
                        Html.text(setting.key()));
            }
            return;
        }
        out.printf(
                "<input type=\"hidden\" name=\"%s\" value=\"%s\">",
                Html.text(SHOWN + setting.key()), Html.text(shown.value()));
        Map<String, String> choices = choices(setting);
        if (choices.isEmpty() || setting.list()) {
            out.printf(
                    "<input type=\"text\" id=\"%s\" name=\"%s\" value=\"%s\"%s>",
                    id, name, Html.text(typed), setting.type().number() && !setting.list() ? " inputmode=\"decimal\"" : "");
            return;
        }
        out.printf("<select id=\"%s\" name=\"%s\">", id, name);
        Set<String> values = new LinkedHashSet<>(choices.keySet());
        values.add(typed);
        values.forEach(value -> out.printf(
                "<option value=\"%s\"%s>%s</option>",
                Html.text(value),
                value.equals(typed) ? " selected" : "",
                Html.text(choices.getOrDefault(value, value))));
        out.print("</select>");
    }

    private static Map<String, String> choices(Setting setting) {
        Map<String, String> choices = new LinkedHashMap<>();
        if (setting.type() == Type.BOOLEAN) {
            choices.put("true", "true");
            choices.put("false", "false");
        }
        setting.options().forEach(option -> choices.put(option.value(), option.label()));
        return choices;
    }

    private static String takes(ShownSetting shown) {
        Setting setting = shown.setting();
        String expected = SettingsCheck.expected(setting);
        StringBuilder text = new StringBuilder(Character.toUpperCase(expected.charAt(0)) + expected.substring(1) + ".");
        if (setting.secret()) {
            text.append(" Give file:/PATH or env:NAME, where the secret is. It is never shown; an empty field leaves it.");
        } else {
            text.append(" Default: ").append(shown.standard().isEmpty() ? "empty" : shown.standard()).append('.');
        }
        if (shown.source() == Layer.FLAG) {
            text.append(" The command line of this run sets it; what is saved here counts from the next start without that.");
        } else if (shown.source() != Layer.BUNDLE) {
            text.append(" Set by: ").append(shown.where()).append('.');
        }
        return text.toString();
    }
}
