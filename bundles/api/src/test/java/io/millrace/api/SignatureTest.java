package io.millrace.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tripwire on what others compile against: all that is exported, as committed in
 * {@code signature.txt}. A wanted change is written there by {@code -Dsignature.update=true}, together
 * with the version of its package.
 */
class SignatureTest {

    private static final Path COMMITTED = Path.of("signature.txt");
    private static final Path CLASSES = Path.of("target/classes");

    @Test
    void theExportedSignatureIsTheCommittedOne() throws Exception {
        List<String> lines = new ArrayList<>();
        for (Class<?> type : types()) {
            describe(type, lines);
        }
        String actual = String.join("\n", lines) + "\n";
        if (Boolean.getBoolean("signature.update")) {
            Files.writeString(COMMITTED, actual);
        }
        assertEquals(Files.readString(COMMITTED), actual);
    }

    private static List<Class<?>> types() throws IOException, ClassNotFoundException {
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.walk(CLASSES.resolve("io"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).sorted().toList()) {
                String name = CLASSES.relativize(file).toString().replace('/', '.').replaceFirst("\\.class$", "");
                Class<?> type = Class.forName(name, false, SignatureTest.class.getClassLoader());
                if (visible(type.getModifiers()) && !name.endsWith("package-info") && !type.isAnonymousClass()) {
                    types.add(type);
                }
            }
        }
        return types;
    }

    private static void describe(Class<?> type, List<String> lines) {
        lines.add(type.toGenericString());
        List<String> members = new ArrayList<>();
        if (type.getGenericSuperclass() != null) {
            members.add("extends " + type.getGenericSuperclass().getTypeName());
        }
        Arrays.stream(type.getGenericInterfaces()).forEach(parent -> members.add("implements " + parent.getTypeName()));
        if (type.isSealed()) {
            Arrays.stream(type.getPermittedSubclasses()).forEach(child -> members.add("permits " + child.getName()));
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (visible(constructor.getModifiers()) && !constructor.isSynthetic()) {
                members.add(constructor.toGenericString());
            }
        }
        for (Field field : type.getDeclaredFields()) {
            if (visible(field.getModifiers()) && !field.isSynthetic()) {
                members.add(field.toGenericString());
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (visible(method.getModifiers()) && !method.isSynthetic()) {
                members.add(method.toGenericString());
            }
        }
        members.stream().sorted().forEach(member -> lines.add("    " + member));
    }

    private static boolean visible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }
}
