package io.millrace.livepeer.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.orchestrator.Accepted;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DepartureTest {

    private final List<String> calls = new ArrayList<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private final Consumer<Runnable> whenDeparted = listeners::add;

    // The name and the type are the contract with the http bundle.
    @Test
    void aGatewayThatLeavesOverHttp11TakesItsWorkWithIt() {
        var departure = new Departure(fake(Accepted.class, null));
        departure.watch(fake(HttpServletRequest.class, whenDeparted), fake(AsyncContext.class, null));
        listeners.getFirst().run();
        assertEquals(
                List.of("addListener", "getAttribute io.millrace.http.whenDeparted", "close", "complete"), calls);
    }

    @Test
    void aContainerWithoutThatIsEnough() {
        var departure = new Departure(fake(Accepted.class, null));
        departure.watch(fake(HttpServletRequest.class, null), fake(AsyncContext.class, null));
        assertEquals(List.of("addListener", "getAttribute io.millrace.http.whenDeparted"), calls);
    }

    private <T> T fake(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    calls.add(arguments != null && arguments[0] instanceof String text
                            ? method.getName() + " " + text
                            : method.getName());
                    return answer;
                }));
    }
}
