package io.millrace.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The value of a setting in a layer.
 *
 * @param text with variables replaced
 * @param layer where it comes from
 * @param file the file, where it comes from one
 * @param line its line there, from 1; 0 where it comes from no file
 */
public record Value(String text, Layer layer, Optional<Path> file, int line) {

    static Value of(String text, Layer layer) {
        return new Value(text, layer, Optional.empty(), 0);
    }

    /** Where it was set, such as "file" with the file's name and line. */
    public String where() {
        return file.map(path -> layer + " " + path + ":" + line).orElse(layer.toString());
    }
}
