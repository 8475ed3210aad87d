package io.millrace.ops.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Detects that files of some folders have changed and are no longer being written. For one thread. */
final class FolderWatch {

    private record State(long size, long modified) {}

    private final List<Path> folders;
    private Map<Path, State> taken;
    private Map<Path, State> seen;

    FolderWatch(List<Path> folders) {
        this.folders = folders;
        this.taken = look();
        this.seen = taken;
    }

    /** Whether the files differ from those of the last report, and are as they were at the last look. */
    boolean changed() {
        Map<Path, State> now = look();
        boolean still = now.equals(seen);
        seen = now;
        if (!still || now.equals(taken)) {
            return false;
        }
        taken = now;
        return true;
    }

    private Map<Path, State> look() {
        Map<Path, State> states = new TreeMap<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".cfg")).toList()) {
                    states.put(file, new State(Files.size(file), Files.getLastModifiedTime(file).toMillis()));
                }
            } catch (IOException e) {
                // A folder that is not there has no files; a file that just went is seen at the next look.
            }
        }
        return states;
    }
}
