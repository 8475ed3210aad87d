package io.millrace.settings;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks values and reports everything that is wrong with them, so that all of it can be mended at once. */
public final class SettingsCheck {

    private static final int LONGEST_SHOWN = 100;

    private final Schema schema;

    /** By what the bundles declare. */
    public SettingsCheck(Schema schema) {
        this.schema = schema;
    }

    /** All that is wrong with the values of a configuration; one that is not declared may have any. */
    public List<Problem> all(Pid pid, Map<String, String> values) {
        if (!schema.has(pid)) {
            return List.of();
        }
        List<Problem> problems = new ArrayList<>();
        values.forEach((key, value) -> one(pid, key, value).ifPresent(problems::add));
        for (Setting setting : schema.of(pid).values()) {
            if (setting.required() && setting.standard().isEmpty() && !values.containsKey(setting.key())) {
                problems.add(new Problem(
                        pid, setting.key(), pid + "." + setting.key() + " is missing; it must be " + expected(setting) + "."));
            }
        }
        return problems;
    }

    /** What is wrong with one value. */
    public Optional<Problem> one(Pid pid, String key, String value) {
        if (!schema.has(pid) || framework(key)) {
            return Optional.empty();
        }
        Map<String, Setting> settings = schema.of(pid);
        Setting setting = settings.get(key);
        if (setting == null) {
            return Optional.of(new Problem(
                    pid,
                    key,
                    pid + " has no setting '" + key + "'." + ClosestName.hint(key, settings.keySet())
                            + " It has: " + String.join(", ", settings.keySet()) + "."));
        }
        if (setting.secret()) {
            return secret(pid, setting, value);
        }
        List<String> parts = setting.values(value);
        return parts.stream().allMatch(part -> fits(setting, part))
                        && Form.of(setting).filter(form -> !form.fits(parts)).isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        pid, key, pid + "." + key + " must be " + expected(setting) + ", not " + shown(value) + "."));
    }

    private static Optional<Problem> secret(Pid pid, Setting setting, String value) {
        try {
            String secret = Secret.resolved(setting, value);
            return Form.of(setting)
                    .filter(form -> !form.fitsSecret(secret))
                    .map(form -> new Problem(
                            pid,
                            setting.key(),
                            pid + "." + setting.key() + " must be " + expected(setting) + "; what is given is not."));
        } catch (IOException e) {
            return Optional.of(new Problem(
                    pid, setting.key(), pid + "." + setting.key() + " cannot be used: " + e.getMessage() + "."));
        }
    }

    /** What a value of a setting must be, such as "a whole number of seconds from 1 to 60". */
    public static String expected(Setting setting) {
        Optional<Form> form = Form.of(setting);
        if (form.isPresent()) {
            return (setting.list() ? "a list with commas, each " : "") + form.get().meaning();
        }
        String one = setting.options().isEmpty()
                ? setting.type().meaning() + setting.unit().map(unit -> " of " + unit).orElse("") + range(setting)
                : "one of "
                        + setting.options().stream().map(Setting.Option::value).collect(Collectors.joining(", "));
        return setting.list() ? "a list with commas, each " + one : one;
    }

    private static String range(Setting setting) {
        String of = setting.type().number() ? "" : " of a length";
        Optional<String> min = setting.min();
        Optional<String> max = setting.max();
        if (setting.type().whole() && (min.isPresent() || max.isPresent())) {
            // A whole number always ends somewhere; nobody wants to read where 64 bits end.
            max = max.or(() -> setting.type().bits() < Long.SIZE
                    ? Optional.of(Long.toString((1L << setting.type().bits() - 1) - 1))
                    : Optional.empty());
        }
        if (min.isPresent() && max.isPresent()) {
            return of + " from " + min.get() + " to " + max.get();
        }
        return min.map(least -> of + " from " + least + " upwards")
                .or(() -> setting.max().map(most -> of + " up to " + most))
                .orElse("");
    }

    /** What components and their container understand beside what a bundle declares. */
    private static boolean framework(String key) {
        return key.equals("service.ranking") || key.endsWith(".target") || key.endsWith(".cardinality.minimum");
    }

    private static boolean fits(Setting setting, String text) {
        if (!setting.options().isEmpty()) {
            return setting.options().stream().anyMatch(option -> option.value().equals(text));
        }
        return switch (setting.type()) {
            case STRING -> within(setting, Optional.of(BigDecimal.valueOf(text.length())));
            case PASSWORD -> true;
            case BOOLEAN -> text.equals("true") || text.equals("false");
            case CHARACTER -> text.length() == 1;
            default -> within(setting, setting.type().number(text));
        };
    }

    private static boolean within(Setting setting, Optional<BigDecimal> number) {
        return number.filter(value -> setting.min().map(BigDecimal::new).filter(least -> value.compareTo(least) < 0).isEmpty())
                .filter(value -> setting.max().map(BigDecimal::new).filter(most -> value.compareTo(most) > 0).isEmpty())
                .isPresent();
    }

    private static String shown(String value) {
        return value.isEmpty()
                ? "empty"
                : "'" + (value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN) + "...") + "'";
    }
}
