package io.millrace.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsCheckTest {

    private final SettingsCheck check = new SettingsCheck(Samples.schema());

    private Optional<String> said(String key, String value) {
        return check.one(Samples.MILL, key, value).map(Problem::text);
    }

    @ParameterizedTest
    @CsvSource({
        "wheels, 9", "pauseSeconds, 2147483647", "grain, wheat", "ports, '1, 2,65535'", "ports, ''", "open, false",
        "speed, 0.5", "secret, anything", "service.ranking, 5", "pipeline.target, (a=b)"
    })
    void aRightValueIsNoProblem(String key, String value) {
        assertEquals(Optional.empty(), said(key, value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "wheels       | six        | org.example.mill.wheels must be a whole number from 1 to 9, not 'six'.",
        "wheels       | 10         | org.example.mill.wheels must be a whole number from 1 to 9, not '10'.",
        "wheels       | ''         | org.example.mill.wheels must be a whole number from 1 to 9, not empty.",
        "pauseSeconds | 2147483648 | org.example.mill.pauseSeconds must be a whole number of seconds from 0 to"
                + " 2147483647, not '2147483648'.",
        "grain        | oats       | org.example.mill.grain must be one of rye, wheat, not 'oats'.",
        "ports        | 1,x        | org.example.mill.ports must be a list with commas, each a whole number from 0 to"
                + " 65535, not '1,x'.",
        "open         | yes        | org.example.mill.open must be true or false, not 'yes'.",
        "speed        | NaN        | org.example.mill.speed must be a number from 0.5 upwards, not 'NaN'.",
        "weels        | 1          | org.example.mill has no setting 'weels'. Did you mean wheels? It has: wheels,"
                + " pauseSeconds, grain, ports, open, speed, secret."
    })
    void aWrongValueIsNamedWithWhatWouldBeRight(String key, String value, String text) {
        assertEquals(Optional.of(text), said(key, value));
    }

    @Test
    void allIsSaidAtOnce() {
        assertEquals(
                List.of("grain", "wheels"),
                check.all(Samples.MILL, Map.of("wheels", "0", "grain", "x", "open", "true")).stream()
                        .map(Problem::key)
                        .sorted()
                        .toList());
    }

    @Test
    void whatHasNoDefaultMustBeThere() {
        assertEquals(
                List.of("org.example.door~north.address is missing; it must be text."),
                check.all(Samples.DOOR, Map.of()).stream().map(Problem::text).toList());
    }

    @Test
    void aConfigurationThatNobodyDeclaresMayHoldAnything() {
        assertEquals(List.of(), check.all(Pid.of("org.example.other"), Map.of("a", "b")));
    }
}
