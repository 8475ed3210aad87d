package io.millrace.settings;

import io.millrace.api.secret.SecretReference;
import java.io.IOException;

/** The value of a setting of type password. */
public final class Secret {

    private Secret() {}

    /** Whether a value says where the secret is, instead of being it. */
    public static boolean isReference(String value) {
        return SecretReference.is(value);
    }

    /** What may be shown of a value: where it is, or that there is one. */
    public static String shown(String value) {
        return value.isEmpty() || isReference(value) ? value : "set";
    }

    /**
     * The secret that a value is or refers to, as one value of the setting; of a list each line is one.
     *
     * @throws IOException when it is not there; the message is a sentence that names the reference
     */
    public static String resolved(Setting setting, String value) throws IOException {
        String secret = SecretReference.read(value);
        return setting.list() ? String.join(",", secret.lines().toList()) : secret;
    }
}
