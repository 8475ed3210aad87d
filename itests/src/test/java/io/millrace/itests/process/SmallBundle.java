package io.millrace.itests.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** A bundle made for a test: a manifest, and a component where one is named. */
final class SmallBundle {

    private static final String DECLARATION = "OSGI-INF/component.xml";

    private final Manifest manifest = new Manifest();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    SmallBundle(String name, String version) {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        with("Bundle-ManifestVersion", "2");
        with("Bundle-SymbolicName", name);
        with("Bundle-Version", version);
    }

    SmallBundle with(String header, String value) {
        manifest.getMainAttributes().putValue(header, value);
        return this;
    }

    /** With a component that is made as soon as the bundle runs. */
    SmallBundle withComponent(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
            entries.put(file, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        entries.put(
                DECLARATION,
                """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%s" immediate="true">
                  <implementation class="%s"/>
                </scr:component>
                """
                        .formatted(type.getSimpleName(), type.getName())
                        .getBytes(StandardCharsets.UTF_8));
        return with("Service-Component", DECLARATION);
    }

    /** The jar. */
    byte[] jar() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new ZipEntry(entry.getKey()));
                jar.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
