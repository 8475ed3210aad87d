package io.millrace.testkit;

import io.millrace.api.publish.ObjectStore;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.SessionId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps everything: for tests that end before it matters. */
public final class InMemoryObjectStore implements ObjectStore {

    private final Map<String, Bytes> objects = new ConcurrentHashMap<>();

    @Override
    public String put(SessionId session, String name, Bytes data) {
        String path = session + "/" + name;
        objects.put(path, data);
        return path;
    }

    @Override
    public Optional<Bytes> get(String path) {
        return Optional.ofNullable(objects.get(path));
    }

    @Override
    public void drop(SessionId session) {
        objects.keySet().removeIf(path -> path.startsWith(session + "/"));
    }
}
