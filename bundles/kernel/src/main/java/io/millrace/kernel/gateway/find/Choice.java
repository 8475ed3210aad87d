package io.millrace.kernel.gateway.find;

import io.millrace.api.network.SelectionPolicy.Ranked;
import java.util.List;

/** Who takes a job. */
public sealed interface Choice {

    /** This one does. */
    record Chosen(Flight flight, List<Ranked> candidates) implements Choice {
        /** Copies the candidates. */
        public Chosen {
            candidates = List.copyOf(candidates);
        }
    }

    /** Nobody does. */
    record Nobody(String why) implements Choice {}
}
