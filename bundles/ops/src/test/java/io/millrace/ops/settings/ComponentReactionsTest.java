package io.millrace.ops.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.settings.Pid;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

class ComponentReactionsTest {

    private static final Pid MILL = Pid.of("org.example.mill");
    private static final String JAMMED = "java.lang.IllegalStateException: jammed";

    /** What the component is seen as, look after look; the last one stays. */
    private final Deque<ComponentConfigurationDTO> looks = new ArrayDeque<>();

    private final ComponentReactions reactions = new ComponentReactions(runtime(), new ModifyFailures());

    private ServiceComponentRuntime runtime() {
        ComponentDescriptionDTO description = new ComponentDescriptionDTO();
        description.configurationPolicy = "require";
        description.configurationPid = new String[] {MILL.toString()};
        description.implementationClass = "org.example.mill.Mill";
        return (ServiceComponentRuntime) Proxy.newProxyInstance(
                ServiceComponentRuntime.class.getClassLoader(),
                new Class<?>[] {ServiceComponentRuntime.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getComponentDescriptionDTOs" -> List.of(description);
                    case "getComponentConfigurationDTOs" ->
                        List.of(looks.size() > 1 ? looks.poll() : looks.peek());
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private void seen(int state, long revision, String failure) {
        ComponentConfigurationDTO component = new ComponentConfigurationDTO();
        component.state = state;
        component.failure = failure;
        component.properties = Map.of(Configurations.mark(MILL), revision);
        looks.add(component);
    }

    @Test
    void aComponentThatDidNotStartAndDoesNowTakesTheChange() {
        seen(ComponentConfigurationDTO.FAILED_ACTIVATION, 1, JAMMED);
        seen(ComponentConfigurationDTO.FAILED_ACTIVATION, 2, JAMMED);
        seen(ComponentConfigurationDTO.ACTIVE, 2, null);
        assertEquals(Optional.empty(), reactions.refusal(MILL, 2, reactions.before(MILL)));
    }

    @Test
    void whatKeepsAComponentFromStartingIsItsRefusal() {
        seen(ComponentConfigurationDTO.ACTIVE, 1, null);
        seen(ComponentConfigurationDTO.FAILED_ACTIVATION, 2, JAMMED);
        assertEquals(Optional.of("jammed"), reactions.refusal(MILL, 2, reactions.before(MILL)));
    }

    @Test
    void oneThatFailsForTheSameReasonAgainRefusesInTheEnd() {
        seen(ComponentConfigurationDTO.FAILED_ACTIVATION, 1, JAMMED);
        seen(ComponentConfigurationDTO.FAILED_ACTIVATION, 2, JAMMED);
        assertEquals(Optional.of("jammed"), reactions.refusal(MILL, 2, reactions.before(MILL)));
    }

    @Test
    void aComponentThatHasTheChangeTakesIt() {
        seen(ComponentConfigurationDTO.ACTIVE, 2, null);
        assertEquals(Optional.empty(), reactions.refusal(MILL, 2, reactions.before(MILL)));
    }
}
