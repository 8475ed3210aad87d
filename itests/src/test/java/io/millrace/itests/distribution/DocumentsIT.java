package io.millrace.itests.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who unpacks the archive finds what its documents point to. */
class DocumentsIT {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    @Test
    void noLinkOfADocumentInTheArchiveIsBroken() throws IOException {
        Path archive = Unpacked.HOME.directory();
        List<String> broken = new ArrayList<>();
        List<Path> documents;
        try (Stream<Path> walk = Files.walk(archive)) {
            documents = walk.filter(file -> file.toString().endsWith(".md")).toList();
        }
        assertTrue(documents.contains(archive.resolve("README.md")), documents.toString());
        for (Path document : documents) {
            Matcher links = LINK.matcher(Files.readString(document));
            while (links.find()) {
                if (!Files.exists(document.resolveSibling(links.group(1)))) {
                    broken.add(archive.relativize(document) + " -> " + links.group(1));
                }
            }
        }
        assertEquals(List.of(), broken);
    }
}
