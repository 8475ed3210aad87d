package io.millrace.ops.settings;

import io.millrace.settings.Layer;
import io.millrace.settings.Pid;
import io.millrace.settings.Secret;
import io.millrace.settings.Setting;
import io.millrace.settings.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A setting as the operator sees it. No secret is in it.
 *
 * @param value in force
 * @param standard without files and command line
 * @param source layer of the value
 * @param where the same with file and line
 * @param refusal why another value that was asked for is not in force
 */
record Shown(
        Pid pid, Setting setting, String value, String standard, Layer source, String where, Optional<String> refusal) {

    static Shown of(
            Pid pid,
            Setting setting,
            Optional<String> inForce,
            Optional<Value> set,
            Optional<Value> role,
            Optional<String> refusal) {
        String standard = role.map(Value::text).or(setting::standard).orElse("");
        String value = inForce.orElse(setting.standard().orElse(""));
        return new Shown(
                pid,
                setting,
                setting.secret() ? Secret.shown(value) : value,
                setting.secret() ? Secret.shown(standard) : standard,
                set.map(Value::layer).orElse(Layer.BUNDLE),
                set.map(Value::where).orElse(Layer.BUNDLE.toString()),
                refusal);
    }

    String key() {
        return pid + "." + setting.key();
    }

    /** Whether somebody set it to something else than it is by itself. */
    boolean differs() {
        return source.compareTo(Layer.ROLE) > 0 && !value.equals(standard) || refusal.isPresent();
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("key", key());
        map.put("type", setting.type().toString());
        map.put("list", setting.list());
        map.put("value", value);
        map.put("default", standard);
        map.put("min", setting.min());
        map.put("max", setting.max());
        map.put("options", setting.options().stream().map(Setting.Option::value).toList());
        map.put("unit", setting.unit());
        map.put("description", setting.description());
        map.put("source", source.toString());
        map.put("where", where);
        refusal.ifPresent(text -> map.put("refusal", text));
        return map;
    }
}
