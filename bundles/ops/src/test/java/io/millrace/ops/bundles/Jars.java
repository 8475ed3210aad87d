package io.millrace.ops.bundles;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Jars made for a test. */
final class Jars {

    private Jars() {}

    /** A jar whose manifest has these headers, names and values in turn. */
    static Path write(Path file, String... headers) throws IOException {
        return write(file, List.of(), headers);
    }

    /** A jar with a class in it. */
    static Path write(Path file, Class<?> content, String... headers) throws IOException {
        return write(file, List.of(content), headers);
    }

    private static Path write(Path file, List<Class<?>> contents, String... headers) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (int i = 0; i < headers.length; i += 2) {
            manifest.getMainAttributes().putValue(headers[i], headers[i + 1]);
        }
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Class<?> content : contents) {
                String name = content.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new ZipEntry(name));
                try (InputStream in = content.getClassLoader().getResourceAsStream(name)) {
                    in.transferTo(jar);
                }
            }
        }
        return file;
    }
}
