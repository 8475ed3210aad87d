package io.millrace.http;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Settings as the framework hands them over: what is configured, else the defaults. */
final class Settings {

    private Settings() {}

    static ServerSettings of(Map<String, ?> configured) {
        return (ServerSettings) Proxy.newProxyInstance(
                Settings.class.getClassLoader(),
                new Class<?>[] {ServerSettings.class},
                (proxy, method, arguments) ->
                        configured.containsKey(method.getName())
                                ? configured.get(method.getName())
                                : method.getDefaultValue());
    }
}
