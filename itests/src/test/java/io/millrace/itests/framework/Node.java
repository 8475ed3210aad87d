package io.millrace.itests.framework;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import io.millrace.launcher.DataFolder;
import io.millrace.launcher.DistributionFolder;
import io.millrace.launcher.Feature;
import io.millrace.launcher.Settings;
import io.millrace.testkit.WholeFlowContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.platform.commons.JUnitException;
import org.opentest4j.AssertionFailedError;
import org.ops4j.pax.exam.Option;

/** The bundles and settings of a role, expanded from {@code features/} as the launcher does it. */
final class Node {

    private Node() {}

    /** What is in the framework of a node of this role. */
    static Option[] options(String role, String... settings) throws IOException {
        return optionsWithout(List.of(), role, settings);
    }

    /** A port that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What is in the framework of a node whose settings, in its folder's files, may be changed while it runs. */
    static Option[] changeable(String role, String... settings) throws IOException {
        DistributionFolder home = DistributionFolder.ofThisProgram();
        DataFolder data = new DataFolder(Files.createTempDirectory("millrace-" + role));
        data.create();
        Path folder = Files.createDirectories(data.directory().resolve("config"));
        for (String setting : settings) {
            int key = setting.lastIndexOf('.', setting.indexOf('='));
            Files.writeString(
                    folder.resolve(setting.substring(0, key) + ".cfg"),
                    setting.substring(key + 1) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        Feature feature = Feature.read(home, role);
        Settings merged = new Settings(feature, home, data.directory()).withFiles();
        return options(List.of(), home, data, feature, merged);
    }

    /** What is in the framework of a node of this role, but for bundles whose name begins like one of these. */
    static Option[] optionsWithout(List<String> left, String role, String... settings) throws IOException {
        DistributionFolder home = DistributionFolder.ofThisProgram();
        DataFolder data = new DataFolder(Files.createTempDirectory("millrace-" + role));
        data.create();
        Feature feature = Feature.read(home, role);
        Settings merged = new Settings(feature, home, data.directory());
        List.of(settings).forEach(merged::set);
        return options(left, home, data, feature, merged);
    }

    private static Option[] options(
            List<String> left, DistributionFolder home, DataFolder data, Feature feature, Settings merged) throws IOException {
        Path file = data.write(merged);
        int highest = feature.bundles().values().stream().mapToInt(Integer::intValue).max().orElse(1);
        List<Option> options = new ArrayList<>(List.of(
                frameworkStartLevel(highest),
                systemProperty("millrace.launch").value(file.toString()),
                systemProperty("millrace.logs").value(data.logs().toString()),
                frameworkProperty("felix.cm.pm").value("memory"),
                frameworkProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("ERROR")));
        for (Map.Entry<String, Integer> entry : feature.bundles().entrySet()) {
            if (left.stream().anyMatch(entry.getKey()::startsWith)) {
                continue;
            }
            options.add(bundle(home.bundle(entry.getKey()).toUri().toString()).startLevel(entry.getValue()));
        }
        for (Class<?> type : List.of(
                Assertions.class, JUnitException.class, AssertionFailedError.class, WholeFlowContract.class)) {
            options.add(bundle(type.getProtectionDomain().getCodeSource().getLocation().toString()));
        }
        return options.toArray(Option[]::new);
    }
}
