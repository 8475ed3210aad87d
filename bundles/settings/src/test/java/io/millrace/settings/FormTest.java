package io.millrace.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What our own texts must look like is said before a component has them. */
class FormTest {

    private static final Schema SCHEMA = Schema.all(Form.settings().stream()
            .map(name -> name.split("/"))
            .collect(Collectors.groupingBy(parts -> parts[0]))
            .entrySet()
            .stream()
            .map(kind -> Samples.schema("""
                    <MetaData><OCD id="x">%s</OCD><Designate %s="%s"><Object ocdref="x"/></Designate></MetaData>
                    """.formatted(
                    kind.getValue().stream().map(parts -> ad(parts[1])).collect(Collectors.joining()),
                    kind.getKey().equals("io.millrace.http") ? "factoryPid" : "pid",
                    kind.getKey())))
            .toList());

    private static String ad(String key) {
        boolean list = Set.of("orchestrators", "paths", "allowedNetworks", "profiles", "keys").contains(key);
        return "<AD id=\"%s\" type=\"%s\" cardinality=\"%s\" default=\"\"/>"
                .formatted(key, key.equals("keys") ? "Password" : "String", list ? "99" : "0");
    }

    private static Optional<String> said(String name, String value) {
        int slash = name.lastIndexOf('/');
        Pid pid = Pid.of("io.millrace." + name.substring(0, slash));
        return new SettingsCheck(SCHEMA).one(pid, name.substring(slash + 1), value).map(Problem::text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "kernel.gateway/orchestrators       | https://a:8935, b:8935,c, loopback:, http://[::1]:1",
        "kernel.gateway/orchestrators       | ''",
        "kernel.orchestrator/serviceUri     | ''",
        "kernel.orchestrator/serviceUri     | https://example.org:8935",
        "kernel.orchestrator/ticketValue    | 8000000000",
        "kernel.network/allowedNetworks     | 10.0.0.0/8, fd00::/8, 127.0.0.1",
        "http~http/address                  | [::1]:9935",
        "http~http/address                  | :0",
        "http~http/uri                      | ''",
        "http~http/paths                    | /segment, /stream/*",
        "media.rtmp/address                 | 1935",
        "media.rtmp/keys                    | 'camera=abc,door=d=e'",
        "media/profiles                     | P240p30fps16x9,P9000p30fps16x9,later"
    })
    void aTextOfTheRightFormIsNoProblem(String name, String value) {
        assertEquals(Optional.empty(), said(name, value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "kernel.gateway/orchestrators       | ht!tp://x",
        "kernel.gateway/orchestrators       | ftp://x:21",
        "kernel.gateway/orchestrators       | https://x:99999",
        "kernel.orchestrator/serviceUri     | no uri",
        "kernel.orchestrator/ticketValue    | -1",
        "kernel.orchestrator/maxFaceValue   | 1e18",
        "kernel.network/allowedNetworks     | 10.0.0.0/33",
        "kernel.network/allowedNetworks     | example.org",
        "http~http/address                  | 9935",
        "http~http/address                  | 127.0.0.1:70000",
        "http~http/address                  | ::1:9935",
        "http~http/uri                      | example.org:1",
        "http~http/paths                    | segment",
        "media.rtmp/address                 | rtmp://127.0.0.1:1935",
        "media.rtmp/keys                    | camera",
        "media/profiles                     | 240p",
        "media/profiles                     | ''"
    })
    void aTextOfAnotherFormIsNamedWithWhatWouldBeRight(String name, String value) {
        String text = said(name, value).orElseThrow();
        assertTrue(text.startsWith("io.millrace." + name.replace('/', '.') + " must be "), text);
    }

    @Test
    void aWrongEntryOfASecretIsNotShown() {
        assertFalse(said("media.rtmp/keys", "hunter2").orElseThrow().contains("hunter2"));
    }

    @Test
    void whatASettingTakesIsSaidInItsForm() {
        Setting address = SCHEMA.of(Pid.of("io.millrace.http~http")).get("address");
        assertEquals("HOST:PORT, such as 127.0.0.1:9935, [::1]:9935 or :8935", SettingsCheck.expected(address));
    }
}
