package io.millrace.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

class IdleComponentsTest {

    private final Map<ComponentDescriptionDTO, List<ComponentConfigurationDTO>> components = new LinkedHashMap<>();

    private void component(String name, String offers, String policy, int state, String... waitsFor) {
        ComponentDescriptionDTO description = new ComponentDescriptionDTO();
        description.name = name;
        description.serviceInterfaces = new String[] {offers};
        description.configurationPolicy = policy;
        description.references = new ReferenceDTO[waitsFor.length];
        ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
        configuration.state = state;
        configuration.unsatisfiedReferences = new UnsatisfiedReferenceDTO[waitsFor.length];
        for (int i = 0; i < waitsFor.length; i++) {
            description.references[i] = new ReferenceDTO();
            description.references[i].name = "r" + i;
            description.references[i].interfaceName = waitsFor[i];
            configuration.unsatisfiedReferences[i] = new UnsatisfiedReferenceDTO();
            configuration.unsatisfiedReferences[i].name = "r" + i;
        }
        components.put(description, List.of(configuration));
    }

    private Set<String> idle() {
        return new IdleComponents((ServiceComponentRuntime) Proxy.newProxyInstance(
                        ServiceComponentRuntime.class.getClassLoader(),
                        new Class<?>[] {ServiceComponentRuntime.class},
                        (proxy, method, arguments) -> switch (method.getName()) {
                            case "getComponentDescriptionDTOs" -> components.keySet();
                            case "getComponentConfigurationDTOs" -> components.get(arguments[0]);
                            default -> throw new UnsupportedOperationException(method.getName());
                        }))
                .names();
    }

    @Test
    void whatWaitsForAnotherRoleDoesNothingRightly() {
        component("role", "Orchestrator", "require", ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION);
        component("servlet", "Servlet", "optional", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "Orchestrator");
        component("behind", "Page", "optional", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "Servlet");
        assertEquals(Set.of("servlet", "behind"), idle());
    }

    @Test
    void whatWaitsForSomethingBrokenOrForNobodyIsWrong() {
        component("role", "Orchestrator", "require", ComponentConfigurationDTO.FAILED_ACTIVATION);
        component("servlet", "Servlet", "optional", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "Orchestrator");
        component("lost", "Page", "optional", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "Missing");
        assertEquals(Set.of(), idle());
    }
}
