package io.millrace.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A setting as the operator sees it. It holds no secret.
 *
 * @param value in force
 * @param standard without files and command line
 * @param source layer of the value
 * @param where the same with file and line
 * @param refusal why another value that was asked for is not in force
 */
public record ShownSetting(
        Pid pid, Setting setting, String value, String standard, Layer source, String where, Optional<String> refusal) {

    /**
     * All settings of a run.
     *
     * @param inForce values by configuration and key, where they are not those that count in the layers
     * @param refusals why other values are not in force, by configuration and key; by the empty key of all
     */
    public static List<ShownSetting> all(
            Launch launch,
            Layers layers,
            Schema schema,
            Map<Pid, Map<String, String>> inForce,
            Map<Pid, Map<String, String>> refusals) {
        List<ShownSetting> all = new ArrayList<>();
        for (Pid pid : layers.known(launch, schema)) {
            Map<String, String> values = inForce.getOrDefault(pid, Map.of());
            Map<String, String> why = refusals.getOrDefault(pid, Map.of());
            for (Setting setting : schema.of(pid).values()) {
                String key = setting.key();
                all.add(of(
                        pid,
                        setting,
                        Optional.ofNullable(values.get(key)),
                        layers.value(pid, key),
                        layers.below(pid, key, Layer.ROLE),
                        Optional.ofNullable(why.get(key)).or(() -> Optional.ofNullable(why.get("")))));
            }
        }
        return all;
    }

    private static ShownSetting of(
            Pid pid,
            Setting setting,
            Optional<String> inForce,
            Optional<Value> set,
            Optional<Value> role,
            Optional<String> refusal) {
        String standard = role.map(Value::text).or(setting::standard).orElse("");
        String value = inForce.or(setting::standard).orElse("");
        return new ShownSetting(
                pid,
                setting,
                setting.secret() ? Secret.shown(value) : value,
                setting.secret() ? Secret.shown(standard) : standard,
                set.map(Value::layer).orElse(Layer.BUNDLE),
                set.map(Value::where).orElse(Layer.BUNDLE.toString()),
                refusal);
    }

    /** {@code PID.key}. */
    public String key() {
        return pid + "." + setting.key();
    }

    /** Whether it was set to another value than its default. */
    public boolean differs() {
        return source.compareTo(Layer.ROLE) > 0 && !value.equals(standard) || refusal.isPresent();
    }

    /** All of it, by the names that the admin API has for it. */
    public Map<String, Object> toMap() {
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
        map.put("takes", SettingsCheck.expected(setting));
        map.put("description", setting.description());
        map.put("source", source.toString());
        map.put("where", where);
        refusal.ifPresent(text -> map.put("refusal", text));
        return map;
    }
}
