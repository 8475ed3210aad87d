package io.millrace.ops.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.AdminServer;
import io.millrace.settings.Launch;
import io.millrace.settings.Pid;
import io.millrace.settings.Schema;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsPageTest {

    private static final String MILL = "org.example.mill";
    private static final String XML =
            """
            <MetaData><OCD id="x" name="Mill &amp; wheel" description="What turns.">
              <AD id="wheels" name="Wheels" description="How many." type="Integer" min="1" max="9" default="2"/>
              <AD id="grain" name="Grain" type="String" default="rye">
                <Option label="Rye" value="rye"/><Option label="Wheat" value="wheat"/>
              </AD>
              <AD id="open" name="Open" type="Boolean" default="true"/>
              <AD id="names" name="Names" type="String" cardinality="9" default=""/>
              <AD id="key" name="Key" type="Password" default=""/>
            </OCD><Designate pid="org.example.mill"><Object ocdref="x"/></Designate>
            <OCD id="y" name="Door"><AD id="address" type="String" default=""/></OCD>
            <Designate factoryPid="com.acme.door"><Object ocdref="y"/></Designate></MetaData>
            """;

    @TempDir
    private Path own;

    private Optional<String> refusal = Optional.empty();
    private LiveSettings settings;
    private AdminServer server;

    @BeforeEach
    void aNode() throws Exception {
        Schema schema = Schema.read(new ByteArrayInputStream(XML.getBytes(StandardCharsets.UTF_8)));
        settings = new LiveSettings(
                new Launch(Map.of(Pid.of(MILL), Map.of()), Map.of(), Map.of(), Optional.empty(), Optional.of(own)),
                new Schemas() {
                    @Override
                    public Schema now() {
                        return schema;
                    }

                    @Override
                    public boolean readsSecrets(String kind) {
                        return false;
                    }
                },
                new Configurations(new InMemoryConfigurations().admin()),
                new Reactions() {
                    @Override
                    public Optional<String> refusal(Pid pid, long revision, Before before) {
                        return refusal;
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
        server = new AdminServer(0, Map.of("/system/console/settings/*", new SettingsPage(settings)));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private String page(String query) throws Exception {
        HttpResponse<String> answer = server.get("/system/console/settings" + query);
        assertEquals(200, answer.statusCode());
        return answer.body();
    }

    /** Saves the form of the mill as a browser does; the fields that are not named are as they were shown. */
    private String save(Map<String, String> fields) throws Exception {
        Map<String, String> form = new TreeMap<>(Map.of(
                "pid", MILL, "was.wheels", "2", "v.wheels", "2", "was.grain", "rye", "v.grain", "rye", "v.key", ""));
        form.putAll(fields);
        return post(form);
    }

    /** Posts a form; the page that the browser is sent to. */
    private String post(Map<String, String> form) throws Exception {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> answer =
                server.post("/system/console/settings", "application/x-www-form-urlencoded", body);
        assertEquals(303, answer.statusCode());
        return server.get(answer.headers().firstValue("Location").orElseThrow()).body();
    }

    private Path file() {
        return own.resolve(MILL + ".cfg");
    }

    @Test
    void allConfigurationsAreListedByTheirNames() throws Exception {
        String page = page("");
        assertTrue(page.contains("<a href=\"?pid=org.example.mill\">Mill &amp; wheel</a>"), page);
        assertTrue(page.contains("<p>What turns.</p>"), page);
        assertTrue(page.contains("<option value=\"com.acme.door\">Door</option>"), page);
    }

    @Test
    void aFormNamesAndExplainsEachSettingAndHasAFieldOfItsKind() throws Exception {
        String page = page("?pid=" + MILL);
        assertTrue(page.contains("<label for=\"f-wheels\">Wheels <code>wheels</code></label>"), page);
        assertTrue(page.contains("id=\"f-wheels\" name=\"v.wheels\" value=\"2\" inputmode=\"decimal\">"), page);
        assertTrue(page.contains("<p>How many.</p><p class=\"takes\">A whole number from 1 to 9. Default: 2.</p>"), page);
        assertTrue(page.contains("<option value=\"rye\" selected>Rye</option><option value=\"wheat\">Wheat</option>"), page);
        assertTrue(page.contains("<option value=\"true\" selected>true</option><option value=\"false\">"), page);
    }

    @Test
    void whatIsSavedIsInForceAndInTheFileAndSaid() throws Exception {
        String page = save(Map.of("v.wheels", "5", "v.names", "a, b"));
        assertTrue(page.contains("class=\"done\" role=\"status\">org.example.mill.names is now a, b ("), page);
        assertTrue(page.contains("name=\"v.wheels\" value=\"5\""), page);
        assertTrue(Files.readString(file()).contains("\nwheels = 5\n"));
        assertFalse(Files.readString(file()).contains("\ngrain ="), "what was not changed is not set");
        assertFalse(page("?pid=" + MILL).contains("class=\"done\""), "it is said once");
        assertTrue(page("").contains("<b>2 set</b>"));
    }

    @Test
    void whatOthersChangedSinceTheFormWasShownStays() throws Exception {
        settings.set(Pid.of(MILL), "grain", "wheat");
        save(Map.of("v.wheels", "5"));
        assertTrue(Files.readString(file()).contains("grain = wheat"));
    }

    @Test
    void aRefusalIsShownAtItsFieldWhichKeepsWhatWasTyped() throws Exception {
        String page = save(Map.of("v.wheels", "4\"><script>", "v.grain", "wheat"));
        assertTrue(page.contains("<div class=\"field bad\"><label for=\"f-wheels\">"), page);
        assertTrue(page.contains("name=\"v.wheels\" value=\"4&quot;&gt;&lt;script&gt;\""), page);
        assertTrue(
                page.contains("<p class=\"problem\" id=\"f-wheels-problem\">org.example.mill.wheels must be a whole number"
                        + " from 1 to 9, not &#39;4&quot;&gt;&lt;script&gt;&#39;.</p>"),
                page);
        assertTrue(page.contains("<option value=\"wheat\" selected>"), "the good value beside it is kept in the form");
        assertFalse(Files.exists(file()), "and nothing is saved");
    }

    @Test
    void whatAComponentRefusesIsShownAtItsFieldToo() throws Exception {
        refusal = Optional.of("no room for it");
        String page = save(Map.of("v.wheels", "5"));
        assertTrue(
                page.contains("id=\"f-wheels-problem\">org.example.mill.wheels = 5 is refused by its component: no room"),
                page);
        assertTrue(page.contains("name=\"was.wheels\" value=\"2\""), page);
    }

    @Test
    void aSecretIsNeverInThePageAndStaysUnlessItIsReplacedOrTakenAway() throws Exception {
        String page = save(Map.of("v.key", "hush-hush"));
        assertFalse(page.contains("hush-hush"), page);
        assertTrue(page.contains("placeholder=\"set\""), page);
        page = save(Map.of("v.wheels", "5"));
        assertTrue(Files.readString(file()).contains("key = hush-hush"));
        page = save(Map.of("v.key", "file:/nowhere-hush"));
        assertTrue(page.contains("id=\"f-key-problem\""), page);
        assertFalse(page.contains("value=\"file:/nowhere-hush\""), page);
        page = save(Map.of("clear", "key"));
        assertFalse(Files.readString(file()).contains("hush-hush"));
    }

    @Test
    void oneMoreOfAKindIsMadeByItsForm() throws Exception {
        String page = page("?kind=com.acme.door&name=north");
        assertTrue(page.contains("name=\"v.address\""), page);
        page = post(Map.of("pid", "com.acme.door~north", "v.address", "here"));
        assertTrue(page.contains("name=\"v.address\" value=\"here\""), page);
        assertTrue(Files.readString(own.resolve("com.acme.door~north.cfg")).contains("address = here"));
        assertTrue(page("?kind=com.acme.door&name=../x").contains("There are no settings"));
        assertTrue(page("?pid=%3Cscript%3E").contains("&lt;script&gt;"));
    }
}
