package io.millrace.ops.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.AdminServer;
import io.millrace.settings.Launch;
import io.millrace.settings.Pid;
import io.millrace.settings.Schema;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamKeysPageTest {

    private static final Pid RTMP = Pid.of("io.millrace.media.rtmp");
    private static final String XML =
            """
            <MetaData><OCD id="x"><AD id="keys" type="Password" cardinality="99" default=""/></OCD>
            <Designate pid="io.millrace.media.rtmp"><Object ocdref="x"/></Designate></MetaData>
            """;

    @TempDir
    private Path data;

    private LiveSettings settings;
    private AdminServer server;

    @BeforeEach
    void aNode() throws Exception {
        Schema schema = Schema.read(new ByteArrayInputStream(XML.getBytes(StandardCharsets.UTF_8)));
        Path own = Files.createDirectory(data.resolve("config"));
        settings = new LiveSettings(
                new Launch(Map.of(RTMP, Map.of()), Map.of(), Map.of(), Optional.empty(), Optional.of(own)),
                new Schemas() {
                    @Override
                    public Schema now() {
                        return schema;
                    }

                    @Override
                    public boolean readsSecrets(String kind) {
                        return true;
                    }
                },
                new Configurations(new InMemoryConfigurations().admin()),
                new Reactions() {
                    @Override
                    public Optional<String> refusal(Pid pid, long revision, Before before) {
                        return Optional.empty();
                    }

                    @Override
                    public Before before(Pid pid) {
                        return new Before(0, Set.of(), false);
                    }

                    @Override
                    public void restart(Pid pid, long revision) {}

                    @Override
                    public Optional<String> unusable(Pid pid) {
                        return Optional.empty();
                    }
                },
                line -> {});
        settings.start();
        server = new AdminServer(
                0, Map.of("/system/console/streamkeys", new StreamKeysPage(settings, Optional.of(data))));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private String page() throws Exception {
        return server.get("/system/console/streamkeys").body();
    }

    private String post(String form) throws Exception {
        var answer = server.post("/system/console/streamkeys", "application/x-www-form-urlencoded", form);
        assertEquals(303, answer.statusCode());
        return page();
    }

    private String kept() throws Exception {
        String reference = settings.raw(RTMP, "keys");
        assertTrue(reference.startsWith("file:" + data), reference);
        return Files.readString(Path.of(reference.substring("file:".length())));
    }

    private List<Path> files() throws Exception {
        try (var files = Files.list(data)) {
            return files.filter(file -> file.getFileName().toString().startsWith("stream-keys-")).toList();
        }
    }

    @Test
    void withoutKeysItIsSaidThatEverybodyMayPublish() throws Exception {
        assertTrue(page().contains("Everybody may publish"));
    }

    @Test
    void aKeyIsMadeShownOnceAndKeptWhereOnlyTheNodeReadsIt() throws Exception {
        String page = post("name=camera&key=");
        Matcher shown = Pattern.compile("/camera/([a-z0-9-]{20,})\\.<").matcher(page);
        assertTrue(shown.find(), page);
        assertEquals("camera=" + shown.group(1) + "\n", kept());
        assertEquals("rw-------", PosixFilePermissions.toString(
                Files.getPosixFilePermissions(files().getFirst())));
        page = page();
        assertFalse(page.contains(shown.group(1)), "it is shown once");
        assertTrue(page.contains("value=\"camera\""), page);
    }

    @Test
    void keysAreAddedAndRemovedOneByOne() throws Exception {
        post("name=one&key=first-key");
        post("name=two&key=second-key");
        assertEquals("one=first-key\ntwo=second-key\n", kept());
        assertEquals(1, files().size(), "the file before is deleted");
        post("remove=one");
        assertEquals("two=second-key\n", kept());
        String page = post("remove=two");
        assertTrue(page.contains("Everybody may publish"), page);
        assertEquals("", settings.raw(RTMP, "keys"));
        assertEquals(List.of(), files());
    }

    @Test
    void whatIsNoNameOrNoKeyIsRefused() throws Exception {
        assertTrue(post("name=a/b&key=").contains("Nothing was changed"));
        assertTrue(post("name=a&key=short").contains("Nothing was changed"));
        assertEquals("", settings.raw(RTMP, "keys"));
    }

    @Test
    void keysThatAnOperatorKeepsElsewhereAreChangedThere() throws Exception {
        Path mine = Files.writeString(data.resolve("mine"), "door=hush-hush\n");
        settings.set(RTMP, "keys", "file:" + mine);
        String page = page();
        assertTrue(page.contains("value=\"door\"") && page.contains("They come from file:" + mine), page);
        assertTrue(post("name=one&key=first-key").contains("are not changed here"));
        assertEquals("door=hush-hush\n", Files.readString(mine));
    }
}
