package io.millrace.kernel;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Future;
import org.osgi.framework.ServiceReference;

@AnalyzeClasses(packages = "io.millrace.kernel", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theKernelKnowsPortsOnly = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.millrace.kernel..", "io.millrace.api..", "java..", "javax.crypto..", "com.sun.management..", "org.osgi..")
            .because("whatever is behind a port must be replaceable without the kernel noticing");

    @ArchTest
    static final ArchRule osgiIsSeenByComponentsOnly = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Component")
            .and()
            .haveSimpleNameNotEndingWith("Configuration")
            .and()
            .areNotAssignableTo(ServiceProvider.class)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.osgi..")
            .because("the use cases run and are tested as plain Java");

    @ArchTest
    static final ArchRule componentsAreThin = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Component")
            .should()
            .dependOnClassesThat()
            .haveSimpleNameEndingWith("Component")
            .because("a component wires the use cases; nothing is built on top of it");

    @ArchTest
    static final ArchRule noFrameworkIsAsked = noClasses()
            .that()
            .areNotAssignableTo(ServiceProvider.class)
            .should()
            .dependOnClassesThat(resideInAPackage("org.osgi.framework..")
                    .and(not(assignableTo(ServiceReference.class))))
            .because("what a class needs is handed to its constructor, never looked up;"
                    + " only the name of a bundle that misbehaves is asked for");

    @ArchTest
    static final ArchRule rolesDoNotMeet = noClasses()
            .that()
            .resideInAPackage("..kernel.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..kernel.orchestrator..")
            .because("a gateway sees an orchestrator through the symmetric port, local or remote alike");

    @ArchTest
    static final ArchRule rolesDoNotMeetTheOtherWay = noClasses()
            .that()
            .resideInAPackage("..kernel.orchestrator..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..kernel.gateway..")
            .because("an orchestrator serves whoever calls the port, not this gateway");

    @ArchTest
    static final ArchRule timeIsGiven = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Component")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(InstantSource.class, "system")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .because("a test moves the clock instead of waiting");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .because("what is waited for is a condition, a future or a queue, with a deadline");

    @ArchTest
    static final ArchRule futuresStayInside = methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .should()
            .notHaveRawReturnType(assignableTo(Future.class))
            .because("ports block on virtual threads; interruption cancels");
}
