package io.millrace.arbitrum.devnet;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The programs and files of a local chain, in a folder: the chain's node anvil, and Livepeer's contracts as their own
 * package has them. They come from npm's registry, in the versions and with the checksums of the lock file beside this
 * class. That file leaves out what the contracts' package would bring for its JavaScript, of which nothing is run.
 */
public final class DevnetTools {

    private static final List<String> FILES = List.of("package.json", "package-lock.json");
    private static final int MINUTES = 5;
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private final Path folder;

    private DevnetTools(Path folder) {
        this.folder = folder;
    }

    /** Why the tools cannot be had, in a line for a person. */
    public static final class Missing extends IOException {
        private static final long serialVersionUID = 1L;

        Missing(String message) {
            super(message);
        }
    }

    /**
     * Those of a folder, which are installed there unless they are.
     *
     * @throws Missing when npm is not there, or cannot install them
     */
    public static DevnetTools installed(Path folder) throws IOException, InterruptedException {
        return installed(folder, String.valueOf(System.getenv("PATH")));
    }

    static DevnetTools installed(Path folder, String path) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        boolean complete = Files.exists(folder.resolve("node_modules/.package-lock.json"));
        for (String name : FILES) {
            byte[] wanted = resource(name);
            Path file = folder.resolve(name);
            if (!Files.exists(file) || !Arrays.equals(wanted, Files.readAllBytes(file))) {
                complete = false;
                Files.write(file, wanted);
            }
        }
        if (!complete) {
            install(folder, path);
        }
        return new DevnetTools(folder);
    }

    private static void install(Path folder, String path) throws IOException, InterruptedException {
        String npm = npm(path).orElseThrow(() -> new Missing(
                "npm is not on the path of this machine: install node.js with npm, which brings the local chain"));
        Path log = folder.resolve("npm.log");
        Process process = new ProcessBuilder(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                throw new Missing("npm ci in " + folder + " was not done in " + MINUTES + " minutes; see " + log);
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new Missing("npm ci in " + folder + " failed with exit " + process.exitValue() + "; see " + log);
        }
    }

    private static Optional<String> npm(String path) {
        String name = WINDOWS ? "npm.cmd" : "npm";
        return Stream.of(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = DevnetTools.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    /** The program anvil of this kind of machine. */
    Path anvil() throws Missing {
        String system = WINDOWS ? "win32" : System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String machine = arch.equals("aarch64") || arch.equals("arm64") ? "arm64" : "amd64";
        Path binary = folder.resolve(
                "node_modules/@foundry-rs/anvil-" + system + "-" + machine + "/bin/anvil" + (WINDOWS ? ".exe" : ""));
        if (!Files.exists(binary)) {
            throw new Missing("there is no anvil for this kind of machine, " + system + " " + arch);
        }
        return binary.toAbsolutePath();
    }

    /** The compiled form of a contract, JSON. */
    String artifact(String path) throws IOException {
        return Files.readString(
                folder.resolve("node_modules/@livepeer/sdk/abis/contracts").resolve(path), StandardCharsets.UTF_8);
    }
}
