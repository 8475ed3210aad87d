package io.millrace.ops.bundles;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.Version;

/**
 * A jar that names itself as a bundle.
 *
 * @param file where it is
 * @param name its symbolic name
 * @param version its version
 * @param headers its manifest
 */
record BundleFile(Path file, String name, Version version, Attributes headers) {

    /** What the manifest of a bundle may weigh, in bytes: a small file can pretend to a large one. */
    private static final int MAX_MANIFEST = 4 << 20;

    static final class NoBundle extends Exception {

        private static final long serialVersionUID = 1;

        NoBundle(String reason) {
            super(reason, null, false, false);
        }
    }

    /**
     * Reads a file's manifest. A jar that is still being copied has no directory at its end, so it cannot be
     * opened.
     *
     * @throws NoBundle with the reason, for a person
     */
    static BundleFile read(Path file) throws NoBundle {
        if (!Files.isRegularFile(file)) {
            throw new NoBundle("is no file");
        }
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            Attributes headers = manifest(jar);
            String name = headers.getValue("Bundle-SymbolicName");
            if (name == null || name.isBlank()) {
                throw new NoBundle("is a jar but no bundle: its manifest has no Bundle-SymbolicName."
                        + " Build it with the bnd plugin, as 'millrace new-pipeline' shows");
            }
            String version = headers.getValue("Bundle-Version");
            return new BundleFile(
                    file,
                    name.split(";", 2)[0].strip(),
                    version == null ? Version.emptyVersion : Version.parseVersion(version),
                    headers);
        } catch (IOException e) {
            throw new NoBundle("is not a complete jar (" + e.getMessage() + "): still being copied, or broken");
        } catch (IllegalArgumentException e) {
            throw new NoBundle("has a version that cannot be read: " + e.getMessage());
        }
    }

    private static Attributes manifest(JarFile jar) throws IOException, NoBundle {
        ZipEntry entry = jar.getEntry(JarFile.MANIFEST_NAME);
        if (entry == null) {
            throw new NoBundle("is a jar but no bundle: it has no manifest");
        }
        try (InputStream in = jar.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(MAX_MANIFEST + 1);
            if (bytes.length > MAX_MANIFEST) {
                throw new NoBundle("has a manifest of more than " + MAX_MANIFEST + " bytes");
            }
            return new Manifest(new java.io.ByteArrayInputStream(bytes)).getMainAttributes();
        }
    }
}
