package io.millrace.itests.process;

import io.millrace.launcher.DistributionFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An unpacked archive and its command.
 *
 * @param directory its top folder
 */
record Distribution(Path directory) {

    /** The one with x264. */
    static final Distribution GPL = new Distribution(DistributionFolder.ofThisProgram().directory());

    /** The one with openh264. */
    static final Distribution LGPL = new Distribution(GPL.directory().resolveSibling("millrace-lgpl"));

    /** {@code bin/millrace} with these words. */
    List<String> command(List<String> words) {
        List<String> command = new ArrayList<>();
        command.add(directory.resolve("bin/millrace").toString());
        command.addAll(words);
        return command;
    }

    /** Runs {@code bin/millrace} with these words until it ends. */
    Finished run(String... words) {
        return Finished.of(command(List.of(words)));
    }

    /** A port that was free a moment ago, for a node that must come back at the same address. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
