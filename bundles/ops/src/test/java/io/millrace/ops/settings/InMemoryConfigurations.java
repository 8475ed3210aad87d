package io.millrace.ops.settings;

import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** As much of configuration administration as is used here. */
final class InMemoryConfigurations {

    final Map<String, Map<String, Object>> stored = new TreeMap<>();
    int updates;
    int deletions;

    ConfigurationAdmin admin() {
        return proxy(ConfigurationAdmin.class, (method, arguments) -> switch (method) {
            case "getConfiguration" -> configuration((String) arguments[0]);
            case "getFactoryConfiguration" -> configuration(arguments[0] + "~" + arguments[1]);
            default -> throw new UnsupportedOperationException(method);
        });
    }

    private Configuration configuration(String pid) {
        return proxy(Configuration.class, (method, arguments) -> switch (method) {
            case "getPid" -> pid;
            case "update" -> update(pid, (Dictionary<?, ?>) arguments[0]);
            case "delete" -> {
                deletions++;
                yield stored.remove(pid);
            }
            default -> throw new UnsupportedOperationException(method);
        });
    }

    private Object update(String pid, Dictionary<?, ?> properties) {
        Map<String, Object> values = new HashMap<>();
        for (Object key : Collections.list(properties.keys())) {
            values.put((String) key, properties.get(key));
        }
        stored.put(pid, values);
        updates++;
        return null;
    }

    private interface Call {
        Object of(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> call.of(method.getName(), arguments)));
    }
}
