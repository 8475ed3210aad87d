package io.millrace.ops.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.settings.ChangeResult.Outcome;
import io.millrace.settings.Launch;
import io.millrace.settings.Pid;
import io.millrace.settings.Schema;
import io.millrace.settings.ShownSetting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveSettingsTest {

    private static final Pid MILL = Pid.of("org.example.mill");
    private static final Pid ACME = Pid.of("com.acme.thing");
    private static final String MANUAL = "# Wheels.\n#wheels = 2\n\n# Grain.\n#grain = rye\n";

    private final InMemoryConfigurations configurations = new InMemoryConfigurations();
    private final List<String> warned = new ArrayList<>();
    private Schema schema = schema("org.example.mill", "");
    private Optional<String> refusal = Optional.empty();
    private Optional<String> unusable = Optional.empty();
    private Set<String> failures = Set.of();
    private int restarted;

    @TempDir
    private Path folder;

    private Path own;
    private LiveSettings settings;

    @BeforeEach
    void aNode() throws IOException {
        own = folder.resolve("own");
        Files.createDirectories(own);
        Files.createDirectories(folder.resolve("shipped"));
        Files.writeString(folder.resolve("shipped/org.example.mill.cfg"), MANUAL);
        start(Map.of());
    }

    private void start(Map<Pid, Map<String, String>> flags) {
        settings = new LiveSettings(
                new Launch(
                        Map.of(MILL, Map.of("wheels", "3")),
                        flags,
                        Map.of(),
                        Optional.of(folder.resolve("shipped")),
                        Optional.of(own)),
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
                new Configurations(configurations.admin()),
                new Reactions() {
                    @Override
                    public Optional<String> refusal(Pid pid, long revision, Before before) {
                        return refusal.filter(said -> configurations.stored.get(pid.toString()).get("grain") != null);
                    }

                    @Override
                    public Before before(Pid pid) {
                        return new Before(0, failures, !failures.isEmpty());
                    }

                    @Override
                    public void restart(Pid pid, long revision) {
                        restarted++;
                    }

                    @Override
                    public Optional<String> unusable(Pid pid) {
                        return unusable.filter(said -> pid.equals(MILL));
                    }
                },
                warned::add);
        settings.start();
    }

    private static Schema schema(String pid, String more) {
        String xml =
                """
                <MetaData><OCD id="x">
                  <AD id="wheels" type="Integer" min="1" max="9" default="2"/>
                  <AD id="grain" type="String" default="rye"/>
                  <AD id="key" type="Password" default=""/>
                </OCD><Designate pid="%s"><Object ocdref="x"/></Designate>%s</MetaData>
                """.formatted(pid, more);
        try {
            return Schema.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object inForce(String key) {
        return configurations.stored.get("org.example.mill").get(key);
    }

    private ShownSetting shown(String key) {
        return settings.list().stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private Path file() {
        return own.resolve("org.example.mill.cfg");
    }

    private void edit(String text) throws IOException {
        Files.writeString(file(), text);
        settings.reload();
    }

    @Test
    void aChangeIsInForceAndStandsInTheOwnFileAmongTheCommentsOfTheManual() throws IOException {
        assertEquals("3", inForce("wheels"));
        assertEquals(Outcome.DONE, settings.set(MILL, "wheels", "5").outcome());
        assertEquals("5", inForce("wheels"));
        assertEquals(MANUAL.replace("#wheels = 2", "wheels = 5"), Files.readString(file()));
        assertEquals("file " + file() + ":2", shown("org.example.mill.wheels").where());
    }

    @Test
    void aChangeTakenBackLeavesWhatTheRoleSays() throws IOException {
        settings.set(MILL, "wheels", "5");
        assertEquals(Outcome.DONE, settings.unset(MILL, "wheels").outcome());
        assertEquals("3", inForce("wheels"));
        assertEquals(MANUAL.replace("#wheels = 2", "#wheels = 3"), Files.readString(file()));
    }

    @Test
    void aBadValueIsRefusedAndNothingIsWritten() {
        ChangeResult answer = settings.set(MILL, "wheels", "six");
        assertEquals(Outcome.REFUSED, answer.outcome());
        assertEquals("org.example.mill.wheels must be a whole number from 1 to 9, not 'six'.", answer.text());
        assertFalse(Files.exists(file()));
        assertEquals("3", inForce("wheels"));
    }

    @Test
    void whatDoesNotExistIsNamedWithTheNearest() {
        assertEquals(Outcome.UNKNOWN, settings.set(MILL, "weels", "5").outcome());
        assertTrue(settings.set(MILL, "weels", "5").text().contains("Did you mean wheels?"));
        ChangeResult answer = settings.set(Pid.of("org.example.mil"), "wheels", "5");
        assertTrue(answer.text().contains("Did you mean org.example.mill?"), answer.text());
        assertEquals(Outcome.UNKNOWN, settings.set(Pid.of("../evil"), "wheels", "5").outcome());
    }

    @Test
    void aBadValueInAnEditedFileLeavesTheLastGoodOneInForceUntilItIsMended() throws IOException {
        edit("wheels = 5\n");
        edit("wheels = 77\ngrain = wheat\n");
        assertEquals("5", inForce("wheels"));
        assertEquals("wheat", inForce("grain"));
        String refused = "org.example.mill.wheels must be a whole number from 1 to 9, not '77'. (" + file() + ", line 1)";
        assertEquals(Optional.of(refused), shown("org.example.mill.wheels").refusal());
        assertEquals(List.of(refused), settings.cautions());
        settings.reload();
        assertEquals(1, warned.size(), warned.toString());
        edit("wheels = 7\n");
        assertEquals("7", inForce("wheels"));
        assertEquals(List.of(), settings.cautions());
    }

    @Test
    void aFileThatCannotBeReadChangesNothing() throws IOException {
        edit("wheels = 5\n");
        edit("wheels = \\u1\n");
        assertEquals("5", inForce("wheels"));
        assertEquals(1, settings.cautions().size());
    }

    @Test
    void aBadFileAtTheStartLeavesTheNextBetterValue() throws IOException {
        Files.writeString(file(), "wheels = 0\nweels = 4\n");
        start(Map.of());
        assertEquals("3", inForce("wheels"));
        assertNull(inForce("weels"));
        assertEquals(2, settings.cautions().size());
    }

    @Test
    void aFlagWinsForThisRunAndTheFileIsForTheNext() throws IOException {
        start(Map.of(MILL, Map.of("wheels", "8")));
        ChangeResult answer = settings.set(MILL, "wheels", "5");
        assertEquals(Outcome.DONE, answer.outcome());
        assertTrue(answer.text().contains("the command line of this run wins"), answer.text());
        assertEquals("8", inForce("wheels"));
        assertTrue(Files.readString(file()).contains("\nwheels = 5\n"));
    }

    @Test
    void whatItsComponentDoesNotTakeIsTakenBack() {
        refusal = Optional.of("no such grain");
        ChangeResult answer = settings.set(MILL, "grain", "sand");
        assertEquals(Outcome.REFUSED, answer.outcome());
        assertEquals("org.example.mill.grain = sand is refused by its component: no such grain", answer.text());
        assertNull(inForce("grain"));
        assertFalse(Files.exists(file()));
    }

    @Test
    void whatItsComponentDoesNotTakeFromAFileIsNotTriedAgainUntilItChanges() throws IOException {
        refusal = Optional.of("no such grain");
        edit("grain = sand\n");
        assertNull(inForce("grain"));
        assertEquals(1, settings.cautions().size());
        int updates = configurations.updates;
        settings.reload();
        assertEquals(updates, configurations.updates);
        assertEquals(1, settings.cautions().size());
        refusal = Optional.empty();
        edit("grain = oats\n");
        assertEquals("oats", inForce("grain"));
        assertEquals(List.of(), settings.cautions());
    }

    @Test
    void aComponentThatDidNotStartIsGivenWhatIsGoodWithoutTheValueThatItNames() throws IOException {
        Files.writeString(file(), "wheels = 7\ngrain = sand\n");
        start(Map.of());
        settings.mend();
        assertEquals("sand", inForce("grain"), "no component complained");
        unusable = Optional.of("grain is sand: give another");
        settings.mend();
        assertNull(inForce("grain"));
        assertEquals("7", inForce("wheels"));
        assertEquals(
                List.of("org.example.mill.grain = sand is refused by its component: grain is sand: give another"),
                settings.cautions());
        assertEquals(1, warned.size(), warned.toString());
        int updates = configurations.updates;
        settings.mend();
        assertEquals(updates, configurations.updates, "it is tried once");
        unusable = Optional.empty();
        assertEquals(Outcome.DONE, settings.set(MILL, "grain", "oats").outcome());
        assertEquals("oats", inForce("grain"));
        assertEquals(List.of(), settings.cautions());
    }

    /** The runtime starts a failed component again only when its configuration is another one. */
    @Test
    void aComponentThatFailedGetsANewConfiguration() {
        failures = Set.of("java.lang.IllegalArgumentException: no such grain");
        int deletions = configurations.deletions;
        assertEquals(Outcome.DONE, settings.set(MILL, "grain", "oats").outcome());
        assertEquals(deletions + 1, configurations.deletions);
        assertEquals(1, restarted);
        assertEquals("oats", inForce("grain"));
    }

    @Test
    void aFormLandsInTheFileAsFarAsItDiffersFromWhatIsSetBelow() throws IOException {
        assertEquals(Outcome.DONE, settings.submit(MILL, Map.of("wheels", "4", "grain", "rye")).outcome());
        assertEquals("4", inForce("wheels"));
        assertEquals(MANUAL.replace("#wheels = 2", "wheels = 4"), Files.readString(file()));
        settings.submit(MILL, Map.of("wheels", "3"));
        assertEquals("3", inForce("wheels"));
        assertEquals(MANUAL.replace("#wheels = 2", "#wheels = 3"), Files.readString(file()));
    }

    @Test
    void ofAFormAllIsTakenOrNothingAndEachProblemIsAtItsKey() {
        ChangeResult answer = settings.submit(MILL, Map.of("wheels", "40", "grain", "oats"));
        assertEquals(Outcome.REFUSED, answer.outcome());
        assertEquals(
                Map.of("wheels", "org.example.mill.wheels must be a whole number from 1 to 9, not '40'."),
                answer.problems());
        assertNull(inForce("grain"));
        assertFalse(Files.exists(file()));
        refusal = Optional.of("no such grain");
        answer = settings.submit(MILL, Map.of("grain", "sand"));
        assertEquals(
                Map.of("grain", "org.example.mill.grain = sand is refused by its component: no such grain"),
                answer.problems());
    }

    @Test
    void whatIsOverruledIsTakenWholeOrNotAtAll() throws IOException {
        start(Map.of(MILL, Map.of("wheels", "4")));
        ChangeResult answer = settings.overrule(MILL, Map.of("wheels", "5", "grain", "x", "key", "file:/nowhere"));
        assertEquals(Outcome.REFUSED, answer.outcome());
        assertEquals("4", inForce("wheels"));
        assertFalse(Files.exists(file()));
        assertEquals(Outcome.DONE, settings.overrule(MILL, Map.of("wheels", "5", "grain", "oats")).outcome());
        assertEquals("5", inForce("wheels"));
        assertEquals("oats", inForce("grain"));
        assertFalse(Files.readString(file()).contains("\nwheels"), Files.readString(file()));
    }

    @Test
    void whatCannotBeWrittenChangesNothing() throws IOException {
        // As a full disk: there is no place for the file.
        Files.delete(own);
        Files.writeString(own, "in the way");
        for (ChangeResult answer : List.of(
                settings.set(MILL, "wheels", "5"), settings.overrule(MILL, Map.of("wheels", "5")))) {
            assertEquals(Outcome.FAILED, answer.outcome());
            assertTrue(
                    answer.text().startsWith("Nothing was changed: the file of org.example.mill cannot be written: "),
                    answer.text());
        }
        assertEquals("3", inForce("wheels"));
        assertEquals("3", shown("org.example.mill.wheels").value());
    }

    @Test
    void aSecretIsNeverShownAndOneInPlainTextIsACaution() throws IOException {
        edit("key = hush\n");
        assertEquals("set", shown("org.example.mill.key").value());
        assertEquals(1, settings.cautions().size());
        assertFalse(settings.cautions().toString().contains("hush"));
        assertFalse(settings.set(MILL, "key", "psst").text().contains("psst"));
        Path secret = Files.writeString(folder.resolve("secret"), "hush");
        settings.set(MILL, "key", "file:" + secret);
        assertEquals("file:" + secret, inForce("key"));
        assertEquals("file:" + secret, shown("org.example.mill.key").value());
        assertEquals(List.of(), settings.cautions());
    }

    @Test
    void aThirdPartysFileWaitsForItsBundleAndIsCheckedByIt() throws IOException {
        Files.writeString(own.resolve("com.acme.thing.cfg"), "wheels = 99\n");
        settings.reload();
        assertTrue(settings.cautions().getFirst().contains("is for no bundle of this node"), settings.cautions().toString());
        schema = Schema.all(List.of(schema, schema("com.acme.thing", "")));
        settings.reload();
        assertNull(configurations.stored.get("com.acme.thing").get("wheels"));
        assertTrue(settings.cautions().getFirst().contains("not '99'"), settings.cautions().toString());
        assertEquals(Outcome.DONE, settings.set(ACME, "wheels", "9").outcome());
        assertEquals("9", configurations.stored.get("com.acme.thing").get("wheels"));
        Files.delete(own.resolve("com.acme.thing.cfg"));
        settings.reload();
        assertFalse(configurations.stored.containsKey("com.acme.thing"));
    }

    @Test
    void aThirdPartysFirstChangeWritesItsManual() throws IOException {
        schema = Schema.all(List.of(schema, schema("com.acme.thing", "")));
        settings.reload();
        assertEquals(Outcome.DONE, settings.set(ACME, "wheels", "4").outcome());
        String text = Files.readString(own.resolve("com.acme.thing.cfg"));
        assertTrue(text.contains("A whole number from 1 to 9.\nwheels = 4\n"), text);
    }

    @Test
    void whatTheCommandLineSetIsOverruledForTheRestOfTheRunOnly() throws IOException {
        start(Map.of(MILL, Map.of("wheels", "4")));
        ChangeResult answer = settings.overrule(MILL, Map.of("wheels", "7"));
        assertEquals(Outcome.DONE, answer.outcome(), answer.text());
        assertEquals("7", inForce("wheels"));
        assertFalse(Files.exists(file()), "it is for this run only");
        settings.reload();
        assertEquals("7", inForce("wheels"));
        assertEquals(Outcome.REFUSED, settings.overrule(MILL, Map.of("wheels", "10")).outcome());
        assertEquals("7", inForce("wheels"));
    }

    @Test
    void whatTheCommandLineDidNotSetIsSetForLaterRunsToo() throws IOException {
        assertEquals(Outcome.DONE, settings.overrule(MILL, Map.of("wheels", "7")).outcome());
        assertTrue(Files.readString(file()).contains("wheels = 7"));
    }
}
