package io.millrace.itests.distribution;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the design, looked at in the bundles as they are delivered. */
class ArchitectureIT {

    private static final String API = "io.millrace.api";
    private static final List<String> BINDINGS = List.of("io.millrace.ffmpeg-gpl", "io.millrace.ffmpeg-lgpl");

    /** What the launcher and the node read settings with. */
    private static final String SETTINGS = "io.millrace.settings";

    /** Classes that start the framework, list its bundles, or need the name of the bundle behind a service. */
    private static final String FRAMEWORK_HOLDERS =
            "io\\.millrace\\.(launcher\\.RunningNode|ops\\.bundles\\.Framework|kernel\\.ServiceProvider|ops\\.settings\\.SettingsPlugin"
                    + "|kernel\\..*Component)";

    private static final JavaClasses CODE = code();

    private static JavaClasses code() {
        List<Location> jars = Stream.concat(
                        Unpacked.ownBundles().stream()
                                .filter(ArchitectureIT::isNoBinding)
                                .map(BundleJar::file),
                        Stream.of(Unpacked.HOME.directory().resolve("lib/millrace-distribution.jar")))
                .map(jar -> Location.of(URI.create("jar:" + jar.toUri() + "!/io/millrace/")))
                .toList();
        // What a bundle brings along privately follows its own rules.
        return new ClassFileImporter().importLocations(jars);
    }

    static Stream<BundleJar> bundles() {
        return Unpacked.ownBundles().stream();
    }

    static Stream<BundleJar> adapters() {
        return bundles().filter(ArchitectureIT::isNoBinding).filter(bundle -> !bundle.name().equals(API));
    }

    private static boolean isNoBinding(BundleJar bundle) {
        return !BINDINGS.contains(bundle.name());
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void anAdapterImportsThePortsTheJdkAndSharedStandardsOnly(BundleJar bundle) {
        List<String> foreign = bundle.requiredImports().stream()
                .filter(name -> !name.matches("(io\\.millrace\\.api|java|javax|jakarta\\.servlet|org\\.slf4j)\\..*")
                        && !name.matches("jakarta\\.servlet|org\\.slf4j|org\\.ietf\\.jgss|com\\.sun\\.management|org\\.xml\\.sax(\\.helpers)?")
                        && !name.matches("org\\.osgi\\.(framework|service\\.(cm|component))")
                        && !(bundle.name().equals("io.millrace.ops") && name.matches("org\\.osgi\\..*|io\\.millrace\\.settings"))
                        && !(bundle.name().equals("io.millrace.ffmpeg") && name.startsWith("org.bytedeco.")))
                .toList();
        assertEquals(
                List.of(), foreign, "an adapter is replaced alone, so it shares nothing with another but the ports");
    }

    @Test
    void onlyTheApiTheCodecBindingAndTheLibraryOfSettingsExportPackages() {
        List<String> exporting = bundles()
                .filter(bundle -> !bundle.exports().isEmpty())
                .map(BundleJar::name)
                .toList();
        assertEquals(
                List.of(API, "io.millrace.ffmpeg-gpl", SETTINGS),
                exporting,
                "what is exported is wired to, and whatever is wired to is refreshed when it is replaced");
    }

    @Test
    void theApiExportsItsOwnPackagesOnly() {
        List<String> foreign = bundles()
                .filter(bundle -> bundle.name().equals(API))
                .flatMap(bundle -> bundle.exports().stream())
                .filter(name -> !name.startsWith(API + "."))
                .toList();
        assertEquals(List.of(), foreign, "a library's type in a port would bind every adapter to that library");
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void noBundleHasAnActivator(BundleJar bundle) {
        assertEquals(
                false,
                bundle.has("Bundle-Activator"),
                "an activator starts things in an order of its own; components say what they need");
    }

    @Test
    void nobodyAsksTheFrameworkButThoseWhoAreMeantTo() {
        noClasses()
                .that()
                .haveNameNotMatching(FRAMEWORK_HOLDERS)
                .should()
                .dependOnClassesThat()
                .haveNameMatching("org\\.osgi\\.(framework\\.(BundleContext|ServiceReference)"
                        + "|util\\.tracker\\..*)")
                .because("what a class needs is handed to its constructor, never looked up")
                .check(CODE);
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void aBundleKnowsNoOtherBundleButTheApi(BundleJar bundle) {
        noClasses()
                .that()
                .resideInAPackage(bundle.name() + "..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.millrace..")
                        .and(not(resideInAnyPackage(bundle.name() + "..", API + "..", SETTINGS + ".."))))
                .because("adapters never call adapters: the kernel stands between them")
                .check(CODE);
    }

    @Test
    void theApiKnowsTheJdkOnly() {
        classes()
                .that()
                .resideInAPackage(API + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(API + "..", "java..", "org.osgi.annotation..")
                .because("whoever implements a port must need nothing but the port")
                .check(CODE);
    }

    @Test
    void nobodySleepsToWaitForSomething() {
        noClasses()
                .that()
                // It pauses after a failed accept, when the system has no file handles.
                .doNotHaveFullyQualifiedName("io.millrace.media.rtmp.RtmpServer")
                .and()
                .resideOutsideOfPackage("io.millrace.launcher..")
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(Thread.class, "sleep", Duration.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .because("what is waited for is a condition, a future or a queue, with a deadline")
                .check(CODE);
    }

    @Test
    void aThreadOfTheKernelInheritsNothing() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.kernel..")
                .and()
                .doNotHaveFullyQualifiedName("io.millrace.kernel.Threads")
                .should()
                .callMethod(Thread.class, "ofVirtual")
                .orShould()
                .callMethod(Thread.class, "ofPlatform")
                .because("a thread keeps the class loader of its maker, who may be of a bundle that is replaced")
                .check(CODE);
    }

    @Test
    void namesSayWhatAThingIs() {
        classes()
                .that()
                // Messages keep the protocol's names.
                .resideOutsideOfPackage("io.millrace.livepeer.wire..")
                .should()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .andShould()
                .haveSimpleNameNotEndingWith("Processor")
                .andShould()
                .haveSimpleNameNotEndingWith("Impl")
                .because("such a name fits everything, so everything ends up behind it")
                .check(CODE);
    }

    @Test
    void everyBundleIsLookedAt() {
        List<String> unseen = adapters()
                .map(BundleJar::name)
                .filter(name -> CODE.stream().map(JavaClass::getPackageName).noneMatch(known -> known.startsWith(name)))
                .toList();
        assertEquals(List.of(), unseen, "a rule over no classes holds for anything");
    }
}
