package io.millrace.itests.framework;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes bundles of test classes, as somebody else would make them of theirs. */
final class ThirdParty {

    private static final String COMPONENT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%1$s" immediate="true">
              <property name="service.ranking" type="Integer" value="%3$d"/>
              <service><provide interface="%2$s"/></service>
              <implementation class="%1$s"/>
            </scr:component>
            """;

    private ThirdParty() {}

    /** A bundle with a component of this class, and the classes within it, that offers one service. */
    static InputStream bundle(String name, String version, Class<?> type, Class<?> service, int ranking)
            throws IOException {
        Manifest manifest = new Manifest();
        Attributes head = manifest.getMainAttributes();
        head.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        head.putValue("Bundle-ManifestVersion", "2");
        head.putValue("Bundle-SymbolicName", name);
        head.putValue("Bundle-Version", version);
        head.putValue("Service-Component", "OSGI-INF/component.xml");
        head.putValue(
                "Import-Package",
                "io.millrace.api.compute,io.millrace.api.gateway,io.millrace.api.job,io.millrace.api.network,"
                        + "io.millrace.api.node,io.millrace.api.orchestrator,io.millrace.api.publish,"
                        + "io.millrace.api.value,org.slf4j");
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(content, manifest)) {
            put(jar, "OSGI-INF/component.xml", COMPONENT.formatted(type.getName(), service.getName(), ranking)
                    .getBytes(StandardCharsets.UTF_8));
            for (String suffix : List.of("", "$1", "$2", "$3")) {
                String file = type.getName().replace('.', '/') + suffix + ".class";
                try (InputStream compiled = type.getClassLoader().getResourceAsStream(file)) {
                    if (compiled != null) {
                        put(jar, file, compiled.readAllBytes());
                    }
                }
            }
        }
        return new ByteArrayInputStream(content.toByteArray());
    }

    private static void put(JarOutputStream jar, String name, byte[] data) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(data);
        jar.closeEntry();
    }
}
