package io.millrace.itests.framework;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.ops4j.pax.exam.TestAddress;
import org.ops4j.pax.exam.TestContainerException;
import org.ops4j.pax.exam.TestProbeBuilder;
import org.ops4j.pax.exam.spi.ExamReactor;
import org.ops4j.pax.exam.spi.StagedExamReactor;
import org.ops4j.pax.exam.spi.reactors.ReactorManager;

/**
 * Runs the public test methods of a class inside a framework, by Pax Exam, which has no driver for
 * JUnit 5 of its own. The class says by a {@code @Configuration} method what is in the framework.
 */
public final class InFramework implements BeforeAllCallback, AfterAllCallback, InvocationInterceptor {

    private final ReactorManager manager = ReactorManager.getInstance();
    private final Map<String, TestAddress> addresses = new HashMap<>();
    private StagedExamReactor reactor;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Class<?> type = context.getRequiredTestClass();
        Object instance = type.getDeclaredConstructor().newInstance();
        ExamReactor unstaged = manager.prepareReactor(type, instance);
        TestProbeBuilder probe = manager.createProbeBuilder(instance);
        for (Method method : type.getMethods()) {
            if (method.isAnnotationPresent(org.junit.jupiter.api.Test.class)) {
                addresses.put(method.getName(), probe.addTest(type, method.getName()));
            }
        }
        unstaged.addProbe(probe);
        reactor = manager.stageReactor();
        manager.beforeSuite(reactor);
        manager.beforeClass(reactor, instance);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (reactor != null) {
            manager.afterClass(reactor, context.getRequiredTestClass());
            manager.afterSuite(reactor);
        }
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext extensionContext)
            throws Throwable {
        invocation.skip();
        String name = invocationContext.getExecutable().getName();
        TestAddress address = addresses.get(name);
        // Staging makes an address of its own for each framework.
        TestAddress target = reactor.getTargets().stream()
                .filter(candidate -> candidate.root().equals(address.root()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not public, so Pax Exam does not find it"));
        try {
            reactor.invoke(target);
        } catch (TestContainerException | InvocationTargetException e) {
            throw root(e);
        }
    }

    private static Throwable root(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof TestContainerException || cause instanceof InvocationTargetException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
