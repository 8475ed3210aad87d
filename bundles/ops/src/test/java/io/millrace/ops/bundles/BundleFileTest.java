package io.millrace.ops.bundles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

class BundleFileTest {

    @TempDir
    private Path folder;

    private Path bundle(String... headers) throws IOException {
        return Jars.write(folder.resolve("bundle.jar"), headers);
    }

    private static String refusal(Path file) {
        return assertThrows(BundleFile.NoBundle.class, () -> BundleFile.read(file)).getMessage();
    }

    @Test
    void aBundleIsNamedByItsManifest() throws Exception {
        Path file = bundle(
                "Bundle-SymbolicName", "org.example.one ; singleton:=true",
                "Bundle-Version", "1.2.3.x",
                "Export-Package", "org.example");
        BundleFile read = BundleFile.read(file);
        assertEquals(file, read.file());
        assertEquals("org.example.one", read.name());
        assertEquals(new Version(1, 2, 3, "x"), read.version());
        assertEquals("org.example", read.headers().getValue("Export-Package"));
    }

    @Test
    void withoutAVersionItIsVersionZero() throws Exception {
        assertEquals(
                Version.emptyVersion,
                BundleFile.read(bundle("Bundle-SymbolicName", "one")).version());
    }

    @Test
    void whatIsStillBeingCopiedIsNotYetOne() throws Exception {
        Path file = bundle("Bundle-SymbolicName", "one");
        byte[] whole = Files.readAllBytes(file);
        for (int size : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, size));
            assertTrue(refusal(file).startsWith("is not a complete jar"), "at " + size + " bytes");
        }
        Files.write(file, whole);
        assertEquals("one", BundleFile.read(file).name());
    }

    @Test
    void aTextIsNone() throws Exception {
        assertTrue(refusal(Files.writeString(folder.resolve("text.jar"), "just words\n"))
                .startsWith("is not a complete jar"));
    }

    @Test
    void aFolderOrNothingIsNone() {
        assertEquals("is no file", refusal(folder));
        assertEquals("is no file", refusal(folder.resolve("absent.jar")));
    }

    @Test
    void aJarThatNamesNoBundleIsNone() throws Exception {
        assertTrue(refusal(bundle("Main-Class", "org.example.Main")).contains("no Bundle-SymbolicName"));
        assertTrue(refusal(bundle("Bundle-SymbolicName", " ")).contains("no Bundle-SymbolicName"));
    }

    @Test
    void aJarWithoutAManifestIsNone() throws Exception {
        Path file = folder.resolve("plain.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new ZipEntry("words.txt"));
        }
        assertEquals("is a jar but no bundle: it has no manifest", refusal(file));
    }

    @Test
    void aVersionThatIsNoneIsNamed() throws Exception {
        String refusal = refusal(bundle("Bundle-SymbolicName", "one", "Bundle-Version", "1.two"));
        assertTrue(refusal.startsWith("has a version that cannot be read"), refusal);
        assertTrue(refusal.contains("1.two"), refusal);
    }

    @Test
    void aManifestThatUnfoldsBeyondItsLimitIsNotReadToItsEnd() throws Exception {
        Path file = bundle("Bundle-SymbolicName", "one", "Padding", "x".repeat(5 << 20));
        assertTrue(Files.size(file) < 1 << 20, "it is small as a file");
        assertEquals("has a manifest of more than 4194304 bytes", refusal(file));
    }
}
