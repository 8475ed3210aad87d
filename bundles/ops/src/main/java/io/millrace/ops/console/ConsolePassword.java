package io.millrace.ops.console;

import io.millrace.settings.PasswordFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's password, as a browser sends it with each request (HTTP Basic). What was right is remembered
 * by a quick hash while the file stays the same; what is wrong costs the slow one, and there are only so many
 * tries a minute.
 */
@Component(
        service = ConsolePassword.class,
        configurationPid = ConsoleSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConsoleSettings.class)
public final class ConsolePassword {

    private static final Logger console = LoggerFactory.getLogger("millrace");
    private static final String SCHEME = "Basic ";
    private static final int MAX_HEADER = 1000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ConsoleSettings settings;
    private final PasswordFile file;
    private final InstantSource clock;
    private byte[] right;
    private FileTime rightOf;
    private Instant minute = Instant.MIN;
    private int wrong;

    enum Verdict {
        RIGHT,
        WRONG,
        /** Too many were wrong: this one was not looked at. */
        LATER
    }

    @Activate
    public ConsolePassword(ConsoleSettings settings) {
        this(settings, InstantSource.system());
    }

    ConsolePassword(ConsoleSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        file = new PasswordFile(Path.of(settings.directory()).resolve(PasswordFile.NAME));
    }

    boolean enabled() {
        return settings.enabled();
    }

    /** Whether an {@code Authorization} header, null when there is none, has the user and the password. */
    public boolean permits(String header) {
        return verdict(header) == Verdict.RIGHT;
    }

    synchronized Verdict verdict(String header) {
        Optional<String> credentials = credentials(header);
        if (credentials.isEmpty() || settings.directory().isEmpty()) {
            return Verdict.WRONG;
        }
        byte[] quick = quick(credentials.get());
        try {
            FileTime changed = Files.getLastModifiedTime(file.file());
            if (right != null && changed.equals(rightOf) && MessageDigest.isEqual(right, quick)) {
                return Verdict.RIGHT;
            }
            if (tooMany()) {
                return Verdict.LATER;
            }
            String user = settings.user() + ":";
            // The slow hash is made for a wrong user too: the time tells nothing.
            boolean matches = file.matches(credentials.get().substring(
                    Math.min(user.length(), credentials.get().length())));
            if (matches && credentials.get().startsWith(user)) {
                right = quick;
                rightOf = changed;
                return Verdict.RIGHT;
            }
        } catch (IOException e) {
            if (tooMany()) {
                return Verdict.LATER;
            }
            console.warn("nobody can use the web console: its password cannot be read ({});"
                    + " 'millrace password' makes a new one", e.getMessage());
        }
        failed();
        return Verdict.WRONG;
    }

    private boolean tooMany() {
        if (Duration.between(minute, clock.instant()).compareTo(MINUTE) >= 0) {
            minute = clock.instant();
            wrong = 0;
        }
        return wrong >= settings.wrongPasswords();
    }

    private void failed() {
        wrong++;
        if (wrong == settings.wrongPasswords()) {
            console.warn("{} wrong passwords for the web console within a minute: nobody can sign in for the rest of it",
                    wrong);
        }
    }

    private static Optional<String> credentials(String header) {
        if (header == null
                || header.length() > MAX_HEADER
                || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new String(
                    Base64.getDecoder().decode(header.substring(SCHEME.length()).strip()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] quick(String credentials) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(credentials.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
