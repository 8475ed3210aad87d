package io.millrace.itests.framework;

import static io.millrace.itests.framework.LiveNode.context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.gateway.StreamGate;
import io.millrace.api.node.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.util.tracker.ServiceTracker;

/** A change by whatever channel ends in one file, and no component sees a value that is not allowed. */
@ExtendWith(InFramework.class)
public class SettingsIT {

    private static final long PATIENCE_MILLIS = 30_000;
    private static final String HLS = "io.millrace.media.hls";
    private static final String RTMP = "io.millrace.media.rtmp";
    private static final String GATEWAY = "io.millrace.kernel.gateway";
    private static final String LADDER = "io.millrace.media";
    private static final String ACME = "com.acme.thing";

    private static final String METATYPE =
            """
            <MetaData><OCD id="thing"><AD id="size" type="Integer" min="1" max="9" default="2"/></OCD>
            <Designate pid="com.acme.thing"><Object ocdref="thing"/></Designate></MetaData>
            """;

    @Configuration
    public Option[] node() throws IOException {
        return Node.changeable(
                "combined",
                "io.millrace.http~http.address=127.0.0.1:0",
                "io.millrace.http~service.address=127.0.0.1:0",
                "io.millrace.http~admin.address=127.0.0.1:0",
                "io.millrace.media.rtmp.address=127.0.0.1:0");
    }

    private static Path folder() {
        return Path.of(System.getProperty("millrace.launch")).resolveSibling("../config").normalize();
    }

    private static Path file(String pid) {
        return folder().resolve(pid + ".cfg");
    }

    /** Kept until the framework ends: an object that was given back is of no use any more. */
    private static <T> T service(Class<T> type) throws InterruptedException {
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context(), type, null);
        tracker.open();
        T service = tracker.waitForService(PATIENCE_MILLIS);
        assertNotNull(service, type.getName());
        return service;
    }

    private static org.osgi.service.cm.Configuration configuration(String pid) throws Exception {
        return service(ConfigurationAdmin.class).getConfiguration(pid, "?");
    }

    private static Object configured(String pid, String key) throws Exception {
        var found = service(ConfigurationAdmin.class).listConfigurations("(service.pid=" + pid + ")");
        return found == null ? null : found[0].getProperties().get(key);
    }

    /** As every page and command of the operator's does it; what is answered. */
    private static int set(String pid, String key, String value) throws Exception {
        String token = Files.readString(folder().resolveSibling("run/admin.token"));
        HttpRequest request = HttpRequest.newBuilder(admin().resolve("/api/config/" + pid + "." + key))
                .header("Authorization", "Bearer " + token)
                .PUT(HttpRequest.BodyPublishers.ofString(value))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }

    private static URI admin() throws Exception {
        for (ServiceReference<Endpoint> found : context().getServiceReferences(Endpoint.class, null)) {
            Endpoint endpoint = context().getService(found);
            if (endpoint.name().equals("admin")) {
                return endpoint.uri();
            }
        }
        throw new AssertionError("there is no admin port");
    }

    @Test
    public void aFileThatIsEditedIsInForceAndABadValueInItIsNot() throws Exception {
        Files.writeString(file(HLS), "window = 9\n");
        Wait.until("the good value", () -> "9".equals(configured(HLS, "window")));
        Files.writeString(file(HLS), "window = 9999\nretentionSeconds = 30\n");
        Wait.until("the good value beside the bad one", () -> "30".equals(configured(HLS, "retentionSeconds")));
        assertEquals("9", configured(HLS, "window"));
        Files.delete(file(HLS));
        Wait.until("the default", () -> configured(HLS, "window") == null);
    }

    @Test
    public void whatIsSetLandsInTheFileWithItsCommentsUnlessItIsNotAllowed() throws Exception {
        assertEquals(200, set("io.millrace.media.push", "answerSeconds", "77"));
        String text = Files.readString(file("io.millrace.media.push"));
        assertTrue(text.contains("\nanswerSeconds = 77\n"), text);
        assertTrue(text.contains("\n#enabled = true\n"), text);
        assertTrue(text.contains("# Longest wait for the renditions"), text);
        assertEquals("77", configured("io.millrace.media.push", "answerSeconds"));
        assertEquals(422, set(RTMP, "segmentSeconds", "5000"));
        assertNull(configured(RTMP, "segmentSeconds"));
        assertFalse(Files.exists(file(RTMP)) && Files.readString(file(RTMP)).contains("5000"));
    }

    @Test
    public void whatIsRefusedIsNotInForceAndNotInTheFile() throws Exception {
        service(StreamGate.class);
        Object before = configured(GATEWAY, "orchestrators");
        assertEquals(422, set(GATEWAY, "orchestrators", "ht!tp://"));
        assertEquals(before, configured(GATEWAY, "orchestrators"));
        assertFalse(Files.exists(file(GATEWAY)) && Files.readString(file(GATEWAY)).contains("ht!tp"));
    }

    /** The file is there, and only who reads it knows that it holds no profiles. */
    @Test
    public void whatItsComponentRefusesIsTakenBack() throws Exception {
        Path file = Files.writeString(folder().resolveSibling("profiles.json"), "no profiles");
        Object before = configured(LADDER, "profiles");
        assertEquals(422, set(LADDER, "profiles", file.toString()));
        assertEquals(before, configured(LADDER, "profiles"));
        assertFalse(Files.exists(file(LADDER)) && Files.readString(file(LADDER)).contains("profiles.json"));
    }

    /** A component that exists without a configuration keeps its failure, and with it those that need it. */
    @Test
    public void aComponentThatNeedsNoConfigurationIsMendedToo() throws Exception {
        Path file = Files.writeString(folder().resolveSibling("bad.json"), "no profiles");
        ServiceComponentRuntime runtime = service(ServiceComponentRuntime.class);
        ComponentDescriptionDTO ladder = runtime.getComponentDescriptionDTOs().stream()
                .filter(component -> List.of(component.configurationPid).contains(LADDER))
                .findFirst()
                .orElseThrow();
        configuration(LADDER).update(new Hashtable<>(Map.of("profiles", file.toString())));
        // The runtime hears of it a moment later.
        Wait.until("it does not start", () -> {
            runtime.disableComponent(ladder).getValue();
            runtime.enableComponent(ladder).getValue();
            return failed(LADDER);
        });
        assertEquals(200, set(LADDER, "profiles", "P144p30fps16x9"));
        assertFalse(failed(LADDER));
        Wait.until("who needs it works again", () -> !failed(RTMP));
    }

    private static boolean failed(String pid) throws Exception {
        ServiceComponentRuntime runtime = service(ServiceComponentRuntime.class);
        return runtime.getComponentDescriptionDTOs().stream()
                .filter(component -> List.of(component.configurationPid).contains(pid))
                .flatMap(component -> runtime.getComponentConfigurationDTOs(component).stream())
                .anyMatch(component -> component.state == ComponentConfigurationDTO.FAILED_ACTIVATION);
    }

    @Test
    public void aThirdPartysSettingsComeWithItsBundleAndAreCheckedByIt() throws Exception {
        Files.writeString(file(ACME), "size = 5\n");
        Wait.until("its file counts", () -> "5".equals(configured(ACME, "size")));
        Bundle bundle = context().installBundle("test:acme", jar());
        bundle.start();
        Files.writeString(file(ACME), "size = 55\n");
        assertEquals(200, set(ACME, "size", "7"));
        assertEquals("7", configured(ACME, "size"));
        assertEquals(422, set(ACME, "size", "70"));
        assertEquals("7", configured(ACME, "size"));
        assertTrue(Files.readString(file(ACME)).contains("size = 7\n"));
        bundle.uninstall();
        Files.delete(file(ACME));
        Wait.until("it goes with its file", () -> configured(ACME, "size") == null);
    }

    private static InputStream jar() throws IOException {
        Manifest manifest = new Manifest();
        Attributes head = manifest.getMainAttributes();
        head.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        head.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        head.putValue(Constants.BUNDLE_SYMBOLICNAME, "com.acme.thing");
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(content, manifest)) {
            jar.putNextEntry(new JarEntry("OSGI-INF/metatype/thing.xml"));
            jar.write(METATYPE.getBytes(StandardCharsets.UTF_8));
            jar.closeEntry();
        }
        return new ByteArrayInputStream(content.toByteArray());
    }

    @Test
    public void aSecretIsNowhereButInItsComponent() throws Exception {
        Path secret = Files.writeString(folder().resolveSibling("keys"), "cam=hush\n");
        assertEquals(200, set(RTMP, "keys", "file:" + secret));
        assertEquals("file:" + secret, configured(RTMP, "keys"));
        Wait.until("the component has it", () -> shown("file:" + secret));
        assertFalse(shown("hush"));
    }

    /** Whether a service or component shows a text among its properties, as the console's pages do. */
    private static boolean shown(String text) throws Exception {
        List<Object> values = new ArrayList<>();
        for (ServiceReference<?> reference : context().getAllServiceReferences(null, null)) {
            for (String key : reference.getPropertyKeys()) {
                values.add(reference.getProperty(key));
            }
        }
        ServiceComponentRuntime runtime = service(ServiceComponentRuntime.class);
        runtime.getComponentDescriptionDTOs().stream()
                .flatMap(component -> runtime.getComponentConfigurationDTOs(component).stream())
                .forEach(component -> values.addAll(component.properties.values()));
        return values.stream()
                .map(value -> value instanceof Object[] items ? Arrays.toString(items) : String.valueOf(value))
                .anyMatch(value -> value.contains(text));
    }
}
