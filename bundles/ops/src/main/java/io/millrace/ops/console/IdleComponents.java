package io.millrace.ops.console;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * The components that rightly do nothing: what they wait for would be offered by components that the role of this node
 * has no configuration for. Each role is made of the same bundles, so a gateway has those of an orchestrator too.
 */
record IdleComponents(ServiceComponentRuntime runtime) {

    /** Their names. One that waits for something else, or for a component that failed, is not among them. */
    Set<String> names() {
        List<ComponentDescriptionDTO> all = List.copyOf(runtime.getComponentDescriptionDTOs());
        Set<String> without = new HashSet<>();
        all.stream().filter(this::isWithoutConfiguration).forEach(component -> without.add(component.name));
        Set<String> idle = new TreeSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (ComponentDescriptionDTO component : all) {
                if (!idle.contains(component.name) && waitsOnlyFor(component, all, without)) {
                    idle.add(component.name);
                    without.add(component.name);
                    more = true;
                }
            }
        }
        return idle;
    }

    private boolean isWithoutConfiguration(ComponentDescriptionDTO component) {
        var configurations = runtime.getComponentConfigurationDTOs(component);
        return component.configurationPolicy.equals("require")
                && configurations.stream()
                        .allMatch(each -> each.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION);
    }

    private boolean waitsOnlyFor(
            ComponentDescriptionDTO component, List<ComponentDescriptionDTO> all, Set<String> providers) {
        var configurations = runtime.getComponentConfigurationDTOs(component);
        return !configurations.isEmpty()
                && configurations.stream()
                        .allMatch(each -> each.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE
                                && Arrays.stream(each.unsatisfiedReferences)
                                        .allMatch(reference ->
                                                comesOnlyFrom(service(component, reference.name), all, providers)));
    }

    private static boolean comesOnlyFrom(String service, List<ComponentDescriptionDTO> all, Set<String> providers) {
        List<String> names = all.stream()
                .filter(each -> Arrays.asList(each.serviceInterfaces).contains(service))
                .map(each -> each.name)
                .toList();
        return !names.isEmpty() && providers.containsAll(names);
    }

    private static String service(ComponentDescriptionDTO component, String reference) {
        return Arrays.stream(component.references)
                .filter(each -> each.name.equals(reference))
                .map(each -> each.interfaceName)
                .findFirst()
                .orElse(reference);
    }
}
