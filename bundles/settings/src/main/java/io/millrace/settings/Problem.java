package io.millrace.settings;

/**
 * Something wrong with a setting.
 *
 * @param pid the configuration
 * @param key the setting; empty when it is the configuration
 * @param text a sentence for a person: what is wrong, and what would be right. It shows no secret.
 */
public record Problem(Pid pid, String key, String text) {

    @Override
    public String toString() {
        return text;
    }
}
