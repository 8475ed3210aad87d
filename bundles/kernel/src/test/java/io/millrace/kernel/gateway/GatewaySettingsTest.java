package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class GatewaySettingsTest {

    /** What a configuration without any value says. */
    private static GatewayConfiguration defaults() {
        return (GatewayConfiguration) Proxy.newProxyInstance(
                GatewayConfiguration.class.getClassLoader(),
                new Class<?>[] {GatewayConfiguration.class},
                (proxy, method, arguments) -> method.getDefaultValue());
    }

    @Test
    void theDefaultsOfTheConfigurationAreTheStandard() {
        assertEquals(GatewaySettings.STANDARD, GatewaySettings.of(defaults()));
    }

    @Test
    void aValueOutOfRangeIsRefusedByItsName() {
        assertEquals(
                "maxSessions is 0, not between 1 and 10000",
                assertThrows(IllegalArgumentException.class, () -> GatewayRig.settings(0, 8, 4, ""))
                        .getMessage());
    }
}
