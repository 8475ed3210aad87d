package io.millrace.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.osgi.service.component.ComponentFactory;
import org.osgi.service.component.ComponentInstance;

class KeystoreWalletComponentTest {

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private record Settings(String keystore, String account, String password) implements WalletSettings {

        @Override
        public String orchestratorAccount() {
            return "";
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return WalletSettings.class;
        }
    }

    private final ComponentFactory<UnlockedWallet> factory = properties -> {
        UnlockedWallet wallet = new UnlockedWallet(map(properties));
        seen.add("offered " + wallet.address());
        return new ComponentInstance<>() {
            @Override
            public void dispose() {
                seen.add("withdrawn " + wallet.address());
            }

            @Override
            public UnlockedWallet getInstance() {
                return wallet;
            }
        };
    };

    private static Map<String, Object> map(Dictionary<String, ?> properties) {
        Map<String, Object> map = new HashMap<>();
        properties.keys().asIterator().forEachRemaining(key -> map.put(key, properties.get(key)));
        return map;
    }

    private static final String THREE = "0x90f79bf6eb2c4f870365e785982e1f101e93b906";
    private static final String ONE = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
    private static final Settings NONE = new Settings("", " ", "");

    private static Settings of(String file, String password) {
        return new Settings(TestFiles.path(file).toString(), "", "file:" + TestFiles.path(password));
    }

    private String next() throws InterruptedException {
        return seen.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void aWalletIsOfferedChangedAndWithdrawn() throws InterruptedException {
        KeystoreWalletComponent component = new KeystoreWalletComponent(of("light.json", "password"), factory);
        assertEquals("offered " + THREE, next());
        component.change(of("empty-password.json", "empty"));
        assertEquals("offered " + ONE, next());
        assertEquals("withdrawn " + THREE, next());
        component.close();
        assertEquals("withdrawn " + ONE, next());
    }

    @Test
    void withoutSettingsThereIsNoWalletUntilThereAreSome() throws InterruptedException {
        KeystoreWalletComponent component = new KeystoreWalletComponent(NONE, factory);
        component.change(of("light.json", "password"));
        assertEquals("offered " + THREE, next());
        component.change(NONE);
        assertEquals("withdrawn " + THREE, next());
        component.close();
        assertTrue(seen.isEmpty());
    }

    @Test
    void settingsThatCannotBeRightAreAnErrorAtOnceAndChangeNothing() throws InterruptedException {
        Settings bad = new Settings(TestFiles.path("light.json").toString(), "", "swordfish");
        assertThrows(IllegalArgumentException.class, () -> new KeystoreWalletComponent(bad, factory));
        assertThrows(
                IllegalArgumentException.class,
                () -> new KeystoreWalletComponent(new Settings("\0", "", "env:P"), factory));
        KeystoreWalletComponent component = new KeystoreWalletComponent(of("light.json", "password"), factory);
        assertEquals("offered " + THREE, next());
        assertThrows(IllegalArgumentException.class, () -> component.change(bad));
        assertTrue(seen.isEmpty());
        component.close();
    }
}
