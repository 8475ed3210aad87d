package io.millrace.ops.bundles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

class DeployFolderTest {

    private static final long STOP_MILLIS = TimeUnit.SECONDS.toMillis(20);

    @TempDir
    private Path home;

    private final List<String> said = new ArrayList<>();
    private final List<String> warned = new ArrayList<>();
    private org.osgi.framework.launch.Framework osgi;
    private Framework framework;
    private Path bundles;
    private Path deploy;
    private DeployFolder folder;

    @BeforeEach
    void startFramework() throws Exception {
        osgi = new FrameworkFactory().newFramework(Map.of(
                "org.osgi.framework.storage", home.resolve("cache").toString(),
                "felix.log.level", "0"));
        osgi.start();
        framework = new Framework(osgi.getBundleContext());
        bundles = Files.createDirectory(home.resolve("bundles"));
        deploy = Files.createDirectory(home.resolve("deploy"));
        folder = new DeployFolder(
                List.of(deploy), framework, Optional.of(bundles), new ShippedBundles(bundles), said::add, warned::add);
    }

    @AfterEach
    void stopFramework() throws Exception {
        framework.stop();
        osgi.stop();
        osgi.waitForStop(STOP_MILLIS);
    }

    private Path drop(String file, String name, String version, String... headers) throws IOException {
        return write(deploy.resolve(file), name, version, headers);
    }

    private static Path write(Path file, String name, String version, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "Bundle-ManifestVersion", "2", "Bundle-SymbolicName", name, "Bundle-Version", version));
        all.addAll(Arrays.asList(headers));
        return Jars.write(file, all.toArray(String[]::new));
    }

    /** As one of the node's own, from its distribution. */
    private Bundle own(String name, String version) throws Exception {
        Path file = write(bundles.resolve(name + ".jar"), name, version);
        Bundle bundle = osgi.getBundleContext().installBundle("reference:" + file.toUri());
        bundle.start();
        return bundle;
    }

    /** A file counts when it stood still from one look to the next. */
    private void look() {
        folder.look();
        folder.look();
    }

    private List<String> running() {
        return framework.bundles().stream()
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion())
                .sorted()
                .toList();
    }

    private Bundle bundle(String name) {
        return framework.bundles().stream()
                .filter(bundle -> bundle.getSymbolicName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> missing(String name) {
        return new MissingRequirements(framework.providers(), new ShippedBundles(bundles)).of(bundle(name));
    }

    @Test
    void aJarRunsOnceItStoodStillAndIsWithdrawnWithItsFile() throws Exception {
        Path file = drop("a.jar", "a", "1.0.0");
        folder.look();
        assertEquals(List.of(), running());
        folder.look();
        assertEquals(List.of("a 1.0.0"), running());
        Files.delete(file);
        folder.look();
        assertEquals(List.of(), running());
        assertEquals(
                List.of("bundle a 1.0.0 started from " + file, "bundle a withdrawn: " + file + " is gone"), said);
        assertEquals(List.of(), warned);
    }

    @Test
    void anotherContentOfTheSameSizeAndTimeIsSeen() throws Exception {
        FileTime time = FileTime.fromMillis(1_700_000_000_000L);
        Path file = Files.setLastModifiedTime(drop("a.jar", "a", "1.3.4"), time);
        long size = Files.size(file);
        look();
        Files.setLastModifiedTime(drop("a.jar", "a", "1.4.3"), time);
        assertEquals(size, Files.size(file));
        look();
        assertEquals(List.of("a 1.4.3"), running());
    }

    @Test
    void twoVersionsRunSideBySide() throws Exception {
        drop("a-1.jar", "a", "1.0.0");
        drop("a-2.jar", "a", "2.0.0");
        look();
        assertEquals(List.of("a 1.0.0", "a 2.0.0"), running());
    }

    @Test
    void theSameVersionInASecondFileStandsAsideUntilTheFirstIsGone() throws Exception {
        Path first = drop("first.jar", "a", "1.0.0");
        Path second = drop("second.jar", "a", "1.0.0");
        look();
        assertEquals(List.of("a 1.0.0"), running());
        assertEquals(
                List.of(second + " is a 1.0.0, as is " + first + ": remove one of them, or give it another version"),
                folder.refused());
        Files.delete(first);
        look();
        assertEquals(List.of("a 1.0.0"), running());
        assertEquals(Optional.of(second), folder.fileOf(bundle("a")));
        assertEquals(List.of(), folder.refused());
        assertEquals(1, warned.size());
    }

    @Test
    void oneOfTheNodesOwnIsReplacedUntilTheFileIsGone() throws Exception {
        own("io.millrace.codec", "1.0.0");
        Path file = drop("codec.jar", "io.millrace.codec", "1.1.0");
        look();
        assertEquals(List.of("io.millrace.codec 1.1.0"), running());
        Path second = drop("later.jar", "io.millrace.codec", "1.2.0");
        look();
        assertEquals(List.of("io.millrace.codec 1.1.0"), running());
        assertTrue(folder.refused().getFirst().startsWith(
                second + " is io.millrace.codec 1.2.0, and " + file + " stands in for the node's own already"));
        Files.delete(second);
        Files.delete(file);
        look();
        assertEquals(List.of("io.millrace.codec 1.0.0"), running());
        assertEquals(
                List.of(
                        "bundle io.millrace.codec 1.1.0 put in place of the node's own from " + file,
                        "bundle io.millrace.codec 1.0.0 is the node's own again: " + file + " is gone"),
                said);
    }

    @Test
    void whoUsesTheClassesOfAReplacedOneIsStartedAnewAndNamed() throws Exception {
        Path file = drop("base.jar", "base", "1.0.0", "Export-Package", "base.text;version=\"1.0.0\"");
        look();
        drop("user.jar", "user", "1.0.0", "Import-Package", "base.text");
        drop("other.jar", "other", "1.0.0");
        look();
        drop("base.jar", "base", "1.1.0", "Export-Package", "base.text;version=\"1.0.0\"");
        look();
        assertEquals(List.of("base 1.1.0", "other 1.0.0", "user 1.0.0"), running());
        assertEquals("bundle base 1.1.0 replaced from " + file + "; started anew with it: user", said.getLast());
    }

    @Test
    void aBundleForAnOlderMinorVersionOfTheApiRunsAndOneForANewerIsToldWhy() throws Exception {
        own("io.millrace.api", "1.2.0").update(Files.newInputStream(write(
                home.resolve("api.jar"),
                "io.millrace.api",
                "1.2.0",
                "Export-Package",
                "io.millrace.api.compute;version=\"1.2.0\"")));
        drop("older.jar", "older", "1.0.0", "Import-Package", "io.millrace.api.compute;version=\"[1.1,2)\"");
        drop("newer.jar", "newer", "1.0.0", "Import-Package", "io.millrace.api.compute;version=\"[1.3,2)\"");
        drop("major.jar", "major", "1.0.0", "Import-Package", "io.millrace.api.compute;version=\"[2.0,3)\"");
        look();
        assertEquals(List.of("io.millrace.api 1.2.0", "older 1.0.0"), running());
        String advice = ": this node has 1.2.0 of io.millrace.api; build the bundle against the api of this node,"
                + " or run a node of its version";
        assertEquals(List.of("package io.millrace.api.compute [1.3,2)" + advice), missing("newer"));
        assertEquals(List.of("package io.millrace.api.compute [2,3)" + advice), missing("major"));
    }

    @Test
    void aReplacementThatLacksSomethingIsWhatIsThere() throws Exception {
        drop("a.jar", "a", "1.0.0");
        look();
        drop("a.jar", "a", "2.0.0", "Import-Package", "org.example.nowhere");
        look();
        assertEquals("2.0.0", bundle("a").getVersion().toString());
        assertEquals(List.of("package org.example.nowhere"), missing("a"));
        assertEquals(List.of(), folder.refused());
        drop("a.jar", "a", "2.0.1");
        look();
        assertEquals(List.of("a 2.0.1"), running());
    }

    @Test
    void oneThatTheFrameworkRefusesLeavesTheFormerRunning() throws Exception {
        Path file = drop("a.jar", "a", "1.0.0");
        look();
        drop("a.jar", "a", "2.0.0", "Import-Package", "twice,twice");
        look();
        assertEquals(List.of("a 1.0.0"), running());
        assertTrue(warned.getFirst().startsWith(file + " cannot be installed: "), warned.toString());
        assertTrue(warned.getFirst().endsWith("; the bundle of before goes on"), warned.toString());
    }

    @Test
    void aTruncatedFileLeavesTheFormerRunningAndAWholeOneIsTaken() throws Exception {
        Path file = drop("a.jar", "a", "1.0.0");
        look();
        byte[] next = Files.readAllBytes(write(home.resolve("next.jar"), "a", "2.0.0"));
        Files.write(file, Arrays.copyOf(next, next.length / 2));
        look();
        assertEquals(List.of("a 1.0.0"), running());
        assertTrue(folder.refused().getFirst().startsWith(file + " is not a complete jar"), folder.refused().toString());
        assertEquals(folder.refused(), warned);
        Files.write(file, next);
        look();
        assertEquals(List.of("a 2.0.0"), running());
        assertEquals(List.of(), folder.refused());
    }

    @Test
    void aWrongJarThatIsRefusedLeavesTheFormerRunning() throws Exception {
        Path file = drop("a.jar", "a", "1.0.0");
        drop("b.jar", "b", "1.0.0");
        look();
        drop("a.jar", "b", "1.0.0");
        look();
        assertEquals(List.of("a 1.0.0", "b 1.0.0"), running());
        assertTrue(folder.refused().getFirst().startsWith(file + " is b 1.0.0, as is "), folder.refused().toString());
        drop("a.jar", "io.millrace.ops", "9.0.0");
        look();
        assertEquals(List.of("a 1.0.0", "b 1.0.0"), running());
        drop("a.jar", "a", "1.0.1");
        look();
        assertEquals(List.of("a 1.0.1", "b 1.0.0"), running());
        assertEquals(List.of(), folder.refused());
    }

    @Test
    void oneThatLacksSomethingStartsWhenItComes() throws Exception {
        drop("user.jar", "user", "1.0.0", "Import-Package", "base.text;version=\"[1.2,2)\"");
        look();
        assertEquals(List.of("package base.text [1.2,2)"), missing("user"));
        drop("base.jar", "base", "1.0.0", "Export-Package", "base.text;version=\"1.2.0\"");
        look();
        assertEquals(List.of("base 1.0.0", "user 1.0.0"), running());
    }

    @Test
    void anActivatorThatFailsIsToldInItsOwnWordsAndHoldsNobodyUp() throws Exception {
        Jars.write(
                deploy.resolve("a.jar"),
                FailingActivator.class,
                "Bundle-ManifestVersion", "2",
                "Bundle-SymbolicName", "a",
                "Bundle-Activator", FailingActivator.class.getName(),
                "Import-Package", "org.osgi.framework");
        drop("b.jar", "b", "1.0.0");
        look();
        assertEquals(List.of("b 1.0.0"), running());
        assertEquals(
                Optional.of("java.lang.IllegalStateException: no camera here"), framework.failure(bundle("a")));
    }

    @Test
    void whatIsNoJarIsNamedOnceAndNotesAndHalfCopiesAreNot() throws Exception {
        Path settings = Files.writeString(deploy.resolve("a.cfg"), "x=1\n");
        Files.writeString(deploy.resolve("README"), "");
        Files.writeString(deploy.resolve("a.jar.part"), "");
        Files.writeString(deploy.resolve(".a.jar.x8Jw2"), "");
        look();
        look();
        assertEquals(
                List.of(settings + " is left alone: what runs are .jar files, and settings go into config/"), said);
    }

    @Test
    void anUpdateOfADroppedOneTakesThePlaceOfItsFile() throws Exception {
        Path file = drop("a.jar", "a", "1.0.0");
        look();
        BundleFile next = BundleFile.read(write(home.resolve("next.jar"), "a", "2.0.0"));
        assertEquals("; " + file + " keeps it for the next start", folder.update(bundle("a"), next, file));
        look();
        assertEquals(List.of("a 2.0.0"), running());
        assertEquals("2.0.0", BundleFile.read(file).version().toString());
        assertEquals("bundle a 2.0.0 replaced from " + file, said.getLast());
        assertEquals(2, said.size());
    }

    @Test
    void anUpdateOfTheNodesOwnIsKeptInTheFolder() throws Exception {
        Bundle codec = own("io.millrace.codec", "1.0.0");
        BundleFile next = BundleFile.read(write(home.resolve("next.jar"), "io.millrace.codec", "1.1.0"));
        folder.update(codec, next, bundles.resolve("io.millrace.codec.jar"));
        Path kept = deploy.resolve("io.millrace.codec.jar");
        assertEquals(Optional.of(kept), folder.fileOf(codec));
        Files.delete(kept);
        look();
        assertEquals(List.of("io.millrace.codec 1.0.0"), running());
    }

    @Test
    void anUpdateThatDoesNotRunIsNotKeptAndTheFormerRunsAgain() throws Exception {
        Path file = drop("a.jar", "a", "1.0.0");
        look();
        BundleFile next = BundleFile.read(
                write(home.resolve("next.jar"), "a", "2.0.0", "Import-Package", "org.example.nowhere"));
        String message = assertThrows(BundleException.class, () -> folder.update(bundle("a"), next, file))
                .getMessage();
        assertEquals(
                "2.0.0 does not run: it lacks package org.example.nowhere; 1.0.0 of " + file + " runs again", message);
        look();
        assertEquals(List.of("a 1.0.0"), running());
        assertEquals("1.0.0", BundleFile.read(file).version().toString());
    }

    @Test
    void anUpdateThatCannotBeKeptSaysSo() throws Exception {
        Bundle codec = own("io.millrace.codec", "1.0.0");
        folder.watch(List.of());
        BundleFile next = BundleFile.read(write(home.resolve("next.jar"), "io.millrace.codec", "1.1.0"));
        String done = folder.update(codec, next, bundles.resolve("io.millrace.codec.jar"));
        assertEquals("; it lasts for this run only, because it cannot be kept: no deploy folder is set", done);
        assertFalse(Files.exists(deploy.resolve("io.millrace.codec.jar")));
        assertEquals(List.of("io.millrace.codec 1.1.0"), running());
    }
}
