package io.millrace.launcher.author;

import io.millrace.launcher.Refused;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/**
 * What a new bundle and its parts are called.
 *
 * @param noun what it is: pipeline, policy or publisher
 * @param capability its name, words joined by hyphens; of a pipeline callers ask for it
 * @param packageName of its classes; the name of its bundle and of its settings too
 */
record BundleNames(String noun, String capability, String packageName) {

    /** Characters of a name, of a package too. */
    private static final int LONGEST = 60;

    private static final String CAPABILITY = "[a-z][a-z0-9]*(-[a-z0-9]+)*";
    private static final String PACKAGE = "[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+";

    /** The package when none was given. */
    private static final String SOMEBODY = "com.example.";

    /** The names of what is called {@code name} in a package of its own below {@code com.example}. */
    static BundleNames of(String noun, String name) {
        String checked = checked(noun, name);
        String last = checked.replace("-", "");
        if (SourceVersion.isKeyword(last)) {
            throw new Refused("'" + last + "' is a word of Java and cannot name a package. Add --package, for instance"
                    + " --package " + SOMEBODY + last + "er.");
        }
        return of(noun, checked, SOMEBODY + last);
    }

    /** The names of what is called {@code name} in this package. */
    static BundleNames of(String noun, String name, String packageName) {
        String checked = checked(noun, name);
        if (packageName.length() > LONGEST || !packageName.matches(PACKAGE) || !SourceVersion.isName(packageName)) {
            throw new Refused("'" + packageName + "' cannot name a package: two or more lower-case words of Java joined by"
                    + " dots, " + LONGEST + " characters at most, such as " + SOMEBODY + checked.replace("-", "") + ".");
        }
        if (packageName.equals("io.millrace") || packageName.startsWith("io.millrace.") || packageName.startsWith("java.")) {
            throw new Refused("Packages below io.millrace and java are taken. Use one of your own, such as "
                    + SOMEBODY + checked.replace("-", "") + ".");
        }
        return new BundleNames(noun, checked, packageName);
    }

    private static String checked(String noun, String name) {
        if (name.length() <= LONGEST && name.matches(CAPABILITY)) {
            return name;
        }
        String better = name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[-0-9]+|-+$", "");
        boolean hint = better.length() <= LONGEST && better.matches(CAPABILITY);
        throw new Refused("'" + name + "' cannot name a " + noun + ": lower-case words joined by hyphens, " + LONGEST
                + " characters at most, such as " + (hint ? better : "word-count") + ".");
    }

    /** What its classes' names begin with. */
    String type() {
        String suffix = "-" + noun;
        String words = capability.endsWith(suffix)
                ? capability.substring(0, capability.length() - suffix.length())
                : capability;
        return Arrays.stream(words.split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    /** Its name in a sentence. */
    String title() {
        String words = capability.replace('-', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** Folders and name of a class' source file, with slashes. */
    String folder() {
        return packageName.replace('.', '/');
    }

    /** A template with its words between at-signs replaced by these names; unknown ones stay. */
    String fill(String template, Map<String, String> more) {
        Map<String, String> words = new TreeMap<>(more);
        words.put("noun", noun);
        words.put("capability", capability);
        words.put("package", packageName);
        words.put("group", packageName.substring(0, packageName.lastIndexOf('.')));
        words.put("folder", folder());
        words.put("type", type());
        words.put("title", title());
        String text = template;
        for (Map.Entry<String, String> word : words.entrySet()) {
            text = text.replace("@" + word.getKey() + "@", word.getValue());
        }
        return text;
    }
}
