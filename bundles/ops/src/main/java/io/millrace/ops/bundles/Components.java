package io.millrace.ops.bundles;

import io.millrace.ops.settings.FailureMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** What keeps the components of an active bundle from working. */
final class Components {

    private final ServiceComponentRuntime runtime;
    private final ShippedBundles offers;

    Components(ServiceComponentRuntime runtime, ShippedBundles offers) {
        this.runtime = runtime;
        this.offers = offers;
    }

    /**
     * One line each.
     *
     * @param waiting whether those that wait for something count too; of a role's own bundles some always do
     */
    List<String> problems(Bundle bundle, boolean waiting) {
        List<String> lines = new ArrayList<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs(bundle)) {
            var configurations = runtime.getComponentConfigurationDTOs(component);
            if (configurations.isEmpty() && waiting && component.configurationPolicy.equals("require")) {
                lines.add(unconfigured(component));
            }
            configurations.forEach(configuration -> add(lines, component, configuration, waiting));
        }
        return lines;
    }

    private void add(
            List<String> lines,
            ComponentDescriptionDTO component,
            ComponentConfigurationDTO configuration,
            boolean waiting) {
        switch (configuration.state) {
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                lines.add("component " + component.name + " failed: " + FailureMessage.message(configuration.failure));
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> {
                if (waiting) {
                    for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
                        String service = service(component, reference.name);
                        lines.add("component " + component.name + " waits for the service " + service
                                + (reference.target == null ? "" : " with " + reference.target)
                                + offers.ofService(service));
                    }
                }
            }
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> {
                if (waiting) {
                    lines.add(unconfigured(component));
                }
            }
            default -> {}
        }
    }

    private static String unconfigured(ComponentDescriptionDTO component) {
        return "component " + component.name + " waits for a configuration: "
                + String.join(", ", component.configurationPid) + ".cfg in the config folder";
    }

    private static String service(ComponentDescriptionDTO component, String reference) {
        return Arrays.stream(component.references)
                .filter(each -> each.name.equals(reference))
                .map((ReferenceDTO each) -> each.interfaceName)
                .findFirst()
                .orElse(reference);
    }
}
