package io.millrace.launcher.config;

import io.millrace.launcher.Refused;
import io.millrace.settings.Launch;
import io.millrace.settings.Layers;
import io.millrace.settings.OwnFiles;
import io.millrace.settings.Pid;
import io.millrace.settings.Problem;
import io.millrace.settings.Schema;
import io.millrace.settings.SettingsCheck;
import io.millrace.settings.SettingsFile;
import io.millrace.settings.ShownSetting;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.parsson.JsonProviderImpl;

/** The files of a node that does not run: what is changed counts from its next start. */
record FilesTarget(Launch launch, Schema schema) implements Target {

    @Override
    public List<JsonObject> all() {
        Layers layers = Layers.read(launch);
        Map<Pid, Map<String, String>> values = new HashMap<>();
        layers.stacks().keySet().forEach(pid -> values.put(pid, layers.values(pid)));
        Map<Pid, Map<String, String>> refusals = new HashMap<>();
        for (Problem problem : layers.check(schema)) {
            refusals.computeIfAbsent(problem.pid(), pid -> new HashMap<>()).put(problem.key(), problem.text());
        }
        return ShownSetting.all(launch, layers, schema, values, refusals).stream()
                .map(ShownSetting::toMap)
                .map(FilesTarget::json)
                .toList();
    }

    private static JsonObject json(Map<String, Object> map) {
        JsonProviderImpl json = new JsonProviderImpl();
        JsonObjectBuilder object = json.createObjectBuilder();
        map.forEach((key, value) -> {
            switch (value instanceof Optional<?> optional ? optional.orElse(null) : value) {
                case null -> object.addNull(key);
                case Boolean bool -> object.add(key, bool);
                case List<?> items -> {
                    JsonArrayBuilder array = json.createArrayBuilder();
                    items.forEach(item -> array.add(item.toString()));
                    object.add(key, array);
                }
                case Object other -> object.add(key, other.toString());
            }
        });
        return object.build();
    }

    @Override
    public String set(String name, String value) {
        return change(name, (pid, key, file) -> {
            Optional<Problem> problem = new SettingsCheck(schema).one(pid, key, launch.expanded(value));
            if (problem.isPresent()) {
                throw Refused.failed(problem.get().text());
            }
            file.set(key, value);
        });
    }

    @Override
    public String unset(String name) {
        return change(name, (pid, key, file) ->
                file.unset(key, new OwnFiles(launch).standard(pid, key, schema)));
    }

    private interface Edit {
        void apply(Pid pid, String key, SettingsFile file);
    }

    private String change(String name, Edit edit) {
        int dot = name.lastIndexOf('.');
        if (dot <= 0) {
            throw new Refused("A setting is named PID.key, not '" + name + "'.");
        }
        Pid pid = Pid.of(name.substring(0, dot));
        String key = name.substring(dot + 1);
        Layers.read(launch).unknown(pid, key, launch, schema).ifPresent(problem -> {
            throw Refused.failed(problem.text());
        });
        OwnFiles files = new OwnFiles(launch);
        try {
            SettingsFile file = files.open(pid, schema);
            edit.apply(pid, key, file);
            files.write(pid, file);
        } catch (IOException e) {
            throw Refused.failed("The file of " + pid + " cannot be changed: " + e.getMessage() + ".");
        }
        return name + " is changed in " + files.path(pid).orElseThrow() + "; no node runs, it counts from the next start";
    }
}
