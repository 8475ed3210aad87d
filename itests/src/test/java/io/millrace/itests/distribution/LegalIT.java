package io.millrace.itests.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** Whoever passes the archive on finds the licence of everything in it. */
class LegalIT {

    private static final Path GPL = Unpacked.HOME.directory();
    private static final Path LGPL = GPL.resolveSibling("millrace-lgpl");
    /** A package with slashes, or the name of a native file. */
    private static final Pattern NAME = Pattern.compile("`([\\w/-]+)`");
    private static final Pattern VERSIONED = Pattern.compile("^(META-INF/versions/\\d+|WEB-INF/classes)/");

    @Test
    void everyClassAndNativeFileOfOthersBelongsToALibraryThatIsListed() throws IOException {
        String list = Files.readString(GPL.resolve("legal/THIRD-PARTY.md"));
        Set<String> names = NAME.matcher(list).results().map(found -> found.group(1)).collect(Collectors.toSet());
        Set<String> shipped = new TreeSet<>();
        for (Path archive : Set.of(GPL, LGPL)) {
            for (String folder : Set.of("bundles", "lib")) {
                for (Path jar : Unpacked.files(archive.resolve(folder), ".jar")) {
                    try (InputStream content = Files.newInputStream(jar)) {
                        collect(content, shipped);
                    }
                }
            }
        }
        assertTrue(shipped.size() > 100, "classes were found: " + shipped);
        Set<String> unlisted = new LinkedHashSet<>(shipped);
        unlisted.removeIf(file -> names.stream().anyMatch(name -> file.equals(name) || file.startsWith(name + "/")));
        assertEquals(Set.of(), unlisted, "add the library to distribution/src/main/legal/THIRD-PARTY.md");
    }

    @Test
    void bothArchivesHaveTheTextsAndOnlyOneHasWhatIsUnderTheGpl() {
        for (Path archive : Set.of(GPL, LGPL)) {
            for (String file : Set.of("LICENSE", "legal/THIRD-PARTY.md", "legal/SOURCE.md", "legal/texts/GPL-3.0.txt")) {
                assertTrue(Files.isRegularFile(archive.resolve(file)), archive + " " + file);
            }
        }
        assertTrue(Files.exists(GPL.resolve("bundles/io.millrace.ffmpeg-gpl.jar")));
        assertTrue(Files.notExists(LGPL.resolve("bundles/io.millrace.ffmpeg-gpl.jar")));
    }

    /** Packages of classes, and names of native files without what follows the dot. */
    private static void collect(InputStream jar, Set<String> into) throws IOException {
        ZipInputStream entries = new ZipInputStream(jar);
        for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
            String path = VERSIONED.matcher(entry.getName()).replaceFirst("");
            if (path.endsWith(".jar")) {
                collect(new ByteArrayInputStream(entries.readAllBytes()), into);
            } else if (path.endsWith(".class") && path.contains("/") && !path.startsWith("io/millrace/")) {
                into.add(path.substring(0, path.lastIndexOf('/')));
            } else if (path.matches(".*\\.so(\\.\\d+)*")) {
                into.add(path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.so.*", ""));
            }
        }
    }
}
