package io.millrace.ops.settings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.settings.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsPluginTest {

    private static final String XML =
            """
            <MetaData><OCD id="x">
              <AD id="wheels" type="Integer" min="1" max="9" default="2"/>
              <AD id="names" type="String" cardinality="9" default=""/>
              <AD id="key" type="Password" default=""/>
            </OCD><Designate pid="org.example.mill"><Object ocdref="x"/></Designate></MetaData>
            """;

    @TempDir
    private Path folder;

    private boolean readsSecrets;
    private final SettingsPlugin plugin = new SettingsPlugin(new Schemas() {
        @Override
        public Schema now() {
            return schema();
        }

        @Override
        public boolean readsSecrets(String kind) {
            return readsSecrets;
        }
    });

    private static Schema schema() {
        try {
            return Schema.read(new ByteArrayInputStream(XML.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object delivered(String pid, String key, Object value) {
        Hashtable<String, Object> properties = new Hashtable<>(Map.of("service.pid", pid, key, value));
        plugin.modifyConfiguration(null, properties);
        return properties.get(key);
    }

    @Test
    void aComponentSeesTheSecretThatIsReferredTo() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "hush\n");
        assertEquals("hush", delivered("org.example.mill", "key", "file:" + secret));
        Files.delete(secret);
        assertEquals("hush", delivered("org.example.mill", "key", "file:" + secret));
    }

    @Test
    void aBundleThatReadsSecretsItselfIsGivenTheReferenceAndNothingElseSeesMore() throws IOException {
        readsSecrets = true;
        Path secret = Files.writeString(folder.resolve("secret"), "hush\n");
        assertEquals("file:" + secret, delivered("org.example.mill", "key", "file:" + secret));
    }

    @Test
    void aListIsOneHoweverItIsWritten() {
        assertArrayEquals(new String[] {"a", "b"}, (String[]) delivered("org.example.mill", "names", "a, b,"));
        assertArrayEquals(
                new String[] {"a", "b"}, (String[]) delivered("org.example.mill", "names", new String[] {"a", "b"}));
    }
}
