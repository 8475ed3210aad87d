package io.millrace.ops.bundles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MissingRequirementsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(&(osgi.wiring.package=a)(version>=1.2.0)(!(version>=2.0.0))) | [1.2,2)",
                "(&(osgi.wiring.package=a)(version>=1.0.0)(!(version>=1.1.0))) | [1,1.1)",
                "(&(osgi.wiring.package=a)(!(version>=2.0.0))) | [0,2)",
                "(&(osgi.wiring.package=a)(version>=1.10.0)) | 1.10 or newer",
                "(&(osgi.wiring.bundle=a)(bundle-version>=3.0.1)(!(bundle-version>=4))) | [3.0.1,4)"
            })
    void aRangeReadsAsInManifests(String filter, String range) {
        assertEquals(" " + range, MissingRequirements.range(filter));
    }

    @Test
    void anyVersionNeedsNoWords() {
        assertEquals("", MissingRequirements.range("(osgi.wiring.package=a)"));
        assertEquals("", MissingRequirements.range(""));
    }
}
