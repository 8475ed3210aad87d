package io.millrace.ops.settings;

import io.millrace.settings.Pid;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Asks the component runtime, which tells nobody when it has taken a configuration over. */
final class ComponentReactions implements Reactions {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** A component is between two states for a moment; what is seen twice in a row counts. */
    private static final int TIMES = 5;

    private final ServiceComponentRuntime runtime;
    private final Complaints complaints;

    ComponentReactions(ServiceComponentRuntime runtime, Complaints complaints) {
        this.runtime = runtime;
        this.complaints = complaints;
    }

    @Override
    public long now() {
        return complaints.now();
    }

    @Override
    public Optional<String> refusal(Pid pid, long revision, long then) {
        long end = System.nanoTime() + LIMIT.toNanos();
        int settled = 0;
        while (System.nanoTime() < end) {
            boolean pending = false;
            for (ComponentDescriptionDTO description : runtime.getComponentDescriptionDTOs()) {
                if (!Arrays.asList(description.configurationPid).contains(pid.kind())) {
                    continue;
                }
                Optional<String> thrown = description.modified == null
                        ? Optional.empty()
                        : complaints.since(then, description.implementationClass, description.modified);
                if (thrown.isPresent()) {
                    return thrown;
                }
                for (ComponentConfigurationDTO component : runtime.getComponentConfigurationDTOs(description)) {
                    Optional<Long> seen = revision(component, pid);
                    if (seen.isPresent() && seen.get() >= revision
                            && component.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                        return Optional.of(Failure.message(component.failure));
                    }
                    pending |= seen.filter(its -> its < revision).isPresent()
                            || description.immediate && component.state == ComponentConfigurationDTO.SATISFIED;
                }
            }
            settled = pending ? 0 : settled + 1;
            if (settled == TIMES) {
                return Optional.empty();
            }
            try {
                complaints.await(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<Long> revision(ComponentConfigurationDTO component, Pid pid) {
        return component.properties.get(Configurations.mark(pid)) instanceof Long seen
                ? Optional.of(seen)
                : Optional.empty();
    }
}
