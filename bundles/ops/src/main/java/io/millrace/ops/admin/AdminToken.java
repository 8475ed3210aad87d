package io.millrace.ops.admin;

import io.millrace.ops.console.ConsolePassword;
import io.millrace.ops.status.OpsSettings;
import io.millrace.ops.web.Authority;
import io.millrace.settings.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret of this run, in a file that only the user of the node can read: whoever reads it is the
 * operator, as is who has the web console's password. Without a folder nobody can read it.
 */
@Component(
        service = Authority.class,
        immediate = true,
        configurationPid = OpsSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class AdminToken implements Authority {

    private static final Logger log = LoggerFactory.getLogger(AdminToken.class);
    private static final String NAME = "admin.token";
    private static final String SCHEME = "Bearer ";
    private static final int BYTES = 32;

    private final byte[] token = HexFormat.of().formatHex(random()).getBytes(StandardCharsets.US_ASCII);

    /** Null when it could not be written: then nobody can know the token. */
    private final Path file;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile ConsolePassword password;

    @Activate
    public AdminToken(OpsSettings settings) {
        this(settings.directory());
    }

    AdminToken(String directory) {
        file = directory.isEmpty() ? null : write(Path.of(directory));
    }

    /** Takes it away, if no later run has put its own there. */
    @Deactivate
    void forget() {
        try {
            if (file != null && MessageDigest.isEqual(token, Files.readAllBytes(file))) {
                Files.delete(file);
            }
        } catch (IOException e) {
            log.debug("{} was not taken away: {}", file, e.toString());
        }
    }

    @Override
    public boolean permits(String header) {
        ConsolePassword other = password;
        return isToken(header) || other != null && other.permits(header);
    }

    private boolean isToken(String header) {
        return header != null
                && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        token, header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String hint() {
        return file == null
                ? "nothing can be changed here: the token could not be written, see the log"
                : "this changes the node and needs the header 'Authorization: Bearer TOKEN'; the token of this run is in "
                        + file;
    }

    private Path write(Path directory) {
        try {
            Files.createDirectories(directory);
            Path written = directory.resolve(NAME);
            PrivateFile.write(written, new String(token, StandardCharsets.US_ASCII));
            return written;
        } catch (IOException e) {
            log.error(
                    "the token for commands cannot be written to {} ({}): until the next start the node can only be"
                            + " looked at and stopped by a signal",
                    directory,
                    e.toString());
            return null;
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
