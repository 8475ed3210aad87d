package io.millrace.ops.bundles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

class ShippedBundlesTest {

    @TempDir
    private Path home;

    private Path bundles;
    private ShippedBundles offers;

    @BeforeEach
    void makeDistribution() throws IOException {
        bundles = Files.createDirectory(home.resolve("bundles"));
        Path features = Files.createDirectory(home.resolve("features"));
        Jars.write(
                bundles.resolve("org.example.codec.jar"),
                "Bundle-SymbolicName", "org.example.codec",
                "Bundle-Version", "1.0.0",
                "Export-Package",
                "org.example.codec;uses:=\"org.example.frame,org.example.inner,org.example.last\";version=\"1.3.0\","
                        + "org.example.frame;version=\"2.0.0\";uses:=\"org.example.codec\",org.example.plain");
        Jars.write(bundles.resolve("org.example.spare.jar"), "Bundle-SymbolicName", "org.example.spare",
                "Provide-Capability",
                "osgi.service;objectClass:List<String>=\"org.example.Spare,org.example.Part\";uses:=\"org.example\","
                        + "osgi.service;objectClass:List<String>=\"org.example.Last\"");
        Files.writeString(bundles.resolve("broken.jar"), "no jar");
        Files.writeString(features.resolve("_base.json"), "{\"bundles\": [\"org.example.codec\"]}");
        Files.writeString(features.resolve("gateway.json"), "{\"bundles\": [\"other|org.example.codec|more\"]}");
        Files.writeString(features.resolve("orchestrator.json"), "{\"bundles\": [\"org.example.codecs\"]}");
        offers = new ShippedBundles(bundles);
    }

    private String ofPackage(String name, String range) throws InvalidSyntaxException {
        return offers.ofPackage(
                name, FrameworkUtil.createFilter("(&(osgi.wiring.package=" + name + ")" + range + ")"));
    }

    @Test
    void aPackageIsOfferedByWhoExportsItWithTheRolesThatUseIt() throws Exception {
        String offered = ": org.example.codec has it, of the feature base, gateway";
        assertEquals(offered, ofPackage("org.example.codec", "(version>=1.2.0)(!(version>=2.0.0))"));
        assertEquals(offered, ofPackage("org.example.frame", "(version>=2.0.0)"));
        assertEquals(offered, ofPackage("org.example.plain", "(version>=0.0.0)"));
    }

    @Test
    void anotherVersionIsNoOffer() throws Exception {
        assertEquals("", ofPackage("org.example.codec", "(version>=2.0.0)"));
        assertEquals("", ofPackage("org.example.plain", "(version>=1.0.0)"));
    }

    @Test
    void aPackageThatIsOnlyUsedIsNoOffer() throws Exception {
        assertEquals("", ofPackage("org.example.inner", "(version>=0.0.0)"));
        assertEquals("", ofPackage("org.example.last", "(version>=0.0.0)"));
        assertEquals("", ofPackage("org.example", "(version>=0.0.0)"));
    }

    @Test
    void aBundleThatNoRoleUsesCanBeCopied() {
        assertEquals(
                ": org.example.spare has it, which no role uses: copy it into deploy/",
                offers.ofBundle("org.example.spare"));
        assertEquals("", offers.ofBundle("org.example.other"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.example.Spare", "org.example.Part", "org.example.Last"})
    void aServiceIsOfferedByWhoDeclaresIt(String type) {
        assertEquals(
                ": org.example.spare has it, which no role uses: copy it into deploy/", offers.ofService(type));
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.example", "example.Spare", "org.example.Las"})
    void aServiceThatNobodyDeclaresIsNotOffered(String type) {
        assertEquals("", offers.ofService(type));
    }

    @Test
    void aJarIsFoundByItsSymbolicName() {
        assertEquals(
                Optional.of(bundles.resolve("org.example.codec.jar")),
                offers.named("org.example.codec").map(BundleFile::file));
        assertEquals(Optional.empty(), offers.named("broken"));
    }

    @Test
    void withoutADistributionNothingIsOffered() {
        ShippedBundles none = new ShippedBundles(home.resolve("absent"));
        assertEquals(Optional.empty(), none.named("org.example.codec"));
        assertEquals("", none.ofBundle("org.example.codec"));
    }
}
