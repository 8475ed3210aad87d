package io.millrace.ops.settings;

import io.millrace.settings.Pid;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.util.promise.Promise;

/** Asks the component runtime, since it sends no event when it has applied a configuration. */
final class ComponentReactions implements Reactions {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** A component is between two states for a moment; what is seen twice in a row counts. */
    private static final int TIMES = 5;

    /** What components throw that cannot use their settings. */
    private static final String UNUSABLE = IllegalArgumentException.class.getName();

    /** Such a component starts anew with each new configuration. */
    private static final String REQUIRE = "require";

    private final ServiceComponentRuntime runtime;
    private final ModifyFailures modifyFailures;

    ComponentReactions(ServiceComponentRuntime runtime, ModifyFailures modifyFailures) {
        this.runtime = runtime;
        this.modifyFailures = modifyFailures;
    }

    @Override
    public Before before(Pid pid) {
        Set<String> failures = descriptions(pid)
                .flatMap(description -> runtime.getComponentConfigurationDTOs(description).stream())
                .filter(component -> component.failure != null)
                .map(component -> component.failure)
                .collect(Collectors.toSet());
        boolean anew = descriptions(pid)
                .anyMatch(description -> description.configurationPolicy.equals(REQUIRE) && failed(description));
        return new Before(modifyFailures.now(), failures, anew);
    }

    private Stream<ComponentDescriptionDTO> descriptions(Pid pid) {
        return runtime.getComponentDescriptionDTOs().stream()
                .filter(description -> Arrays.asList(description.configurationPid).contains(pid.kind()));
    }

    @Override
    public Optional<String> refusal(Pid pid, long revision, Before before) {
        long end = System.nanoTime() + LIMIT.toNanos();
        int settled = 0;
        Optional<String> failing = Optional.empty();
        while (System.nanoTime() < end) {
            boolean pending = false;
            // One that failed is away for a moment while it is given a new configuration.
            boolean away = !before.failures().isEmpty();
            failing = Optional.empty();
            for (ComponentDescriptionDTO description : descriptions(pid).toList()) {
                Optional<String> thrown = description.modified == null
                        ? Optional.empty()
                        : modifyFailures.since(before.failure(), description.implementationClass, description.modified);
                if (thrown.isPresent()) {
                    return thrown;
                }
                for (ComponentConfigurationDTO component : runtime.getComponentConfigurationDTOs(description)) {
                    Optional<Long> seen = revision(component, pid);
                    away &= seen.isEmpty();
                    if (seen.isPresent() && seen.get() >= revision
                            && component.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                        failing = Optional.of(FailureMessage.message(component.failure));
                        if (!before.failures().contains(component.failure)) {
                            return failing;
                        }
                    }
                    // While a component that did not start is started again, it shows its former failure.
                    pending |= failing.isPresent()
                            || seen.filter(its -> its < revision).isPresent()
                            || description.immediate && component.state == ComponentConfigurationDTO.SATISFIED;
                }
            }
            settled = pending || away ? 0 : settled + 1;
            if (settled == TIMES) {
                return Optional.empty();
            }
            try {
                modifyFailures.await(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        return failing;
    }

    @Override
    public void restart(Pid pid, long revision) {
        long end = System.nanoTime() + LIMIT.toNanos();
        for (ComponentDescriptionDTO description : descriptions(pid).toList()) {
            if (description.configurationPolicy.equals(REQUIRE) || !failed(description)) {
                continue;
            }
            // Enabled before it has heard of the new values, it would be started with the old ones.
            while (!has(description, pid, revision) && System.nanoTime() < end) {
                try {
                    modifyFailures.await(PAUSE);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            await(runtime.disableComponent(description));
            await(runtime.enableComponent(description));
        }
    }

    private boolean failed(ComponentDescriptionDTO description) {
        return runtime.getComponentConfigurationDTOs(description).stream()
                .anyMatch(component -> component.state == ComponentConfigurationDTO.FAILED_ACTIVATION);
    }

    private boolean has(ComponentDescriptionDTO description, Pid pid, long revision) {
        return runtime.getComponentConfigurationDTOs(description).stream()
                .allMatch(component -> revision(component, pid).filter(seen -> seen >= revision).isPresent());
    }

    private static void await(Promise<Void> done) {
        try {
            done.timeout(LIMIT.toMillis()).getFailure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Optional<String> unusable(Pid pid) {
        return descriptions(pid)
                .flatMap(description -> runtime.getComponentConfigurationDTOs(description).stream())
                .filter(component -> component.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
                .filter(component -> revision(component, pid).isPresent() && component.failure.contains(UNUSABLE))
                .map(component -> FailureMessage.message(component.failure))
                .findFirst();
    }

    private static Optional<Long> revision(ComponentConfigurationDTO component, Pid pid) {
        return component.properties.get(Configurations.mark(pid)) instanceof Long seen
                ? Optional.of(seen)
                : Optional.empty();
    }
}
