package io.millrace.itests.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.launcher.Feature;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code features/}: roles name what there is, all of it, and nothing else. */
class FeaturesIT {

    private static final Metatype METATYPE = Metatype.of(Unpacked.bundles());

    static Stream<Feature> roles() {
        return Unpacked.HOME.roles().stream().map(role -> Feature.read(Unpacked.HOME, role));
    }

    @Test
    void theArchiveHoldsTheBundlesThatFeaturesNameAndNoOther() {
        Set<String> named = roles().flatMap(role -> role.bundles().keySet().stream())
                .map(alternatives -> Unpacked.HOME.bundle(alternatives).getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> there = Unpacked.bundles().stream()
                .map(bundle -> bundle.file().getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(named, there);
    }

    @ParameterizedTest
    @MethodSource("roles")
    void aRoleConfiguresOnlyWhatItsBundlesRead(Feature role) {
        Metatype known = Metatype.of(role.bundles().keySet().stream()
                .map(alternatives -> BundleJar.read(Unpacked.HOME.bundle(alternatives)))
                .toList());
        List<String> unknown = role.configurations().keySet().stream()
                .filter(pid -> pid.startsWith("io.millrace.") && known.of(pid) == null)
                .toList();
        assertEquals(List.of(), unknown);
    }

    @ParameterizedTest
    @MethodSource("roles")
    void aRoleUsesOnlyKnownKeys(Feature role) {
        List<String> unknown = role.configurations().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("io.millrace."))
                .flatMap(entry -> unknown(entry.getKey(), entry.getValue()))
                .toList();
        assertEquals(List.of(), unknown);
    }

    private static Stream<String> unknown(String pid, Map<String, String> settings) {
        Map<String, String> known = METATYPE.of(pid);
        return settings.keySet().stream()
                .filter(key -> known == null || !known.containsKey(key))
                .map(key -> pid + "." + key);
    }

    @ParameterizedTest
    @MethodSource("roles")
    void settingsAreInPlaceBeforeWhateverReadsThem(Feature role) {
        int settings = role.bundles().get("io.millrace.ops");
        List<String> early = role.bundles().entrySet().stream()
                .filter(bundle -> bundle.getKey().startsWith("io.millrace."))
                .filter(bundle -> bundle.getValue() <= settings)
                .map(Map.Entry::getKey)
                .toList();
        assertEquals(List.of("io.millrace.api", "io.millrace.settings", "io.millrace.ops"), early);
    }
}
