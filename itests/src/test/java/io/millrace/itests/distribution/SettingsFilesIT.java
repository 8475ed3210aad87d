package io.millrace.itests.distribution;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.launcher.Feature;
import io.millrace.settings.Schema;
import io.millrace.settings.Setting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code config/}: the manual of all settings says what the bundles say. */
class SettingsFilesIT {

    private static final Metatype METATYPE = Metatype.of(Unpacked.bundles());
    private static final List<Feature> ROLES =
            Unpacked.HOME.roles().stream().map(role -> Feature.read(Unpacked.HOME, role)).toList();

    static Stream<SettingsFile> files() {
        return Unpacked.files(Unpacked.HOME.config(), ".cfg").stream().map(SettingsFile::read);
    }

    @Test
    void everyConfigurationOfARoleHasItsFile() {
        Set<String> wanted = ROLES.stream()
                .flatMap(role -> role.configurations().keySet().stream())
                .filter(pid -> pid.startsWith("io.millrace."))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(wanted, files().map(SettingsFile::pid).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everyConfigurationThatABundleReadsIsInSomeRole() {
        Set<String> reachable = ROLES.stream()
                .flatMap(role -> role.configurations().keySet().stream())
                .map(pid -> pid.replaceFirst("~.*", ""))
                .collect(Collectors.toSet());
        Set<String> missing = METATYPE.defaults().keySet().stream()
                .filter(pid -> pid.startsWith("io.millrace.") && !reachable.contains(pid))
                .collect(Collectors.toSet());
        assertEquals(Set.of(), missing, "settings that no file and no --set can reach");
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileNamesEverySettingAndNoOther(SettingsFile file) {
        assertEquals(METATYPE.of(file.pid()).keySet(), file.settings().keySet());
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileShowsTheDefaultsThatARoleStartsWith(SettingsFile file) {
        assertAll(file.settings().entrySet().stream().map(setting -> () -> {
            Set<String> right = defaults(file.pid(), setting.getKey());
            assertTrue(
                    right.contains(setting.getValue()),
                    () -> setting.getKey() + " is shown as '" + setting.getValue() + "' and is " + right);
        }));
    }

    /** What each role that has these settings says, else what the bundle says. */
    private static Set<String> defaults(String pid, String key) {
        return ROLES.stream()
                .filter(role -> role.configurations().containsKey(pid))
                .map(role -> role.configurations().get(pid).getOrDefault(key, METATYPE.of(pid).get(key)))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileExplainsEverySettingAndSetsNone(SettingsFile file) {
        assertEquals(List.of(), file.undocumented());
        assertEquals(List.of(), file.others());
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileSaysWhatAChangeDoesToRunningWork(SettingsFile file) {
        assertTrue(file.text().contains(" A change "), file.pid());
    }

    static Stream<Setting> settings() throws IOException {
        List<Setting> all = new ArrayList<>();
        for (BundleJar bundle : Unpacked.ownBundles()) {
            Schema.of(bundle.file()).kinds().values().forEach(kind -> all.addAll(kind.values()));
        }
        return all.stream();
    }

    /** The console's form shows a setting's name and description, and nothing of its least and greatest value. */
    @ParameterizedTest
    @MethodSource("settings")
    void aFormSaysWhatASettingIsAndTakes(Setting setting) {
        String text = setting.description();
        assertTrue(text.endsWith("."), text);
        Stream.concat(setting.min().stream(), setting.max().stream())
                .forEach(bound -> assertTrue(text.matches(".*\\b" + bound + "\\b.*"), text + " lacks " + bound));
    }
}
