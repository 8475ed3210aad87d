package io.millrace.itests.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The settings that the bundles of the distribution declare.
 *
 * @param defaults default value by key, by PID or factory PID; empty text where there is none
 */
record Metatype(Map<String, Map<String, String>> defaults) {

    static Metatype of(List<BundleJar> bundles) {
        Map<String, Map<String, String>> defaults = new TreeMap<>();
        for (BundleJar bundle : bundles) {
            try (JarFile jar = new JarFile(bundle.file().toFile())) {
                for (JarEntry entry : jar.stream()
                        .filter(candidate -> candidate.getName().matches("OSGI-INF/metatype/[^/]+\\.xml"))
                        .toList()) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        read(DocumentBuilderFactory.newNSInstance().newDocumentBuilder().parse(in), defaults);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SAXException | ParserConfigurationException e) {
                throw new IllegalStateException("metatype of " + bundle.name(), e);
            }
        }
        return new Metatype(defaults);
    }

    private static void read(Document document, Map<String, Map<String, String>> defaults) {
        NodeList designates = document.getElementsByTagName("Designate");
        for (int i = 0; i < designates.getLength(); i++) {
            Element designate = (Element) designates.item(i);
            String pid = designate.hasAttribute("factoryPid")
                    ? designate.getAttribute("factoryPid")
                    : designate.getAttribute("pid");
            NodeList settings = document.getElementsByTagName("AD");
            Map<String, String> keys = defaults.computeIfAbsent(pid, p -> new TreeMap<>());
            for (int k = 0; k < settings.getLength(); k++) {
                Element setting = (Element) settings.item(k);
                keys.put(setting.getAttribute("id"), setting.getAttribute("default"));
            }
        }
    }

    /** Defaults of a PID, where {@code kind~name} is one of several of a kind; null for one that is not declared. */
    Map<String, String> of(String pid) {
        return defaults.get(pid.replaceFirst("~.*", ""));
    }
}
