package io.millrace.http.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code certificate.pem}: the node's key and certificate, in one file so that they can never be half replaced.
 *
 * <p>A file that an operator put there is used as it is. One of our own is made again when it is about to expire or
 * names another host. A damaged file is never overwritten.
 */
public final class CertificateFile {

    static final String NAME = "certificate.pem";
    /** One of our own with less time left is replaced at start. */
    static final Duration RENEWED_BEFORE_END = Duration.ofDays(30);

    private static final Logger LOG = LoggerFactory.getLogger(CertificateFile.class);
    /** Far above any chain; bounds what a wrong path can make us read. */
    private static final long MAX_BYTES = 1 << 20;

    private final Path file;
    private final String host;
    private final InstantSource clock;

    /**
     * A file that may not exist yet.
     *
     * @param directory where it is kept; made when missing
     * @param host name or address that clients use
     */
    public CertificateFile(Path directory, String host, InstantSource clock) {
        this.file = directory.resolve(NAME);
        this.host = host;
        this.clock = clock;
    }

    /**
     * The key and certificate, made now if there are none.
     *
     * @throws UnusableCertificate with what to do about it
     */
    public KeyMaterial load() {
        Optional<KeyMaterial> kept = Files.exists(file) ? Optional.of(read()) : Optional.empty();
        Instant now = clock.instant();
        if (kept.isPresent() && isCurrent(kept.get().certificate(), now)) {
            return kept.get();
        }
        KeyMaterial made = make(now);
        LOG.info("A new certificate for {} is in {}.", host, file);
        return made;
    }

    /** When the file was changed; empty while there is none. */
    Optional<FileTime> changed() {
        try {
            return Optional.of(Files.getLastModifiedTime(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean isCurrent(X509Certificate certificate, Instant now) {
        Instant end = certificate.getNotAfter().toInstant();
        if (!certificate.getSubjectX500Principal().equals(SelfSigned.NAME)) {
            if (end.isBefore(now)) {
                LOG.warn("The certificate in {} ended on {}; put a new one there.", file, end);
            }
            return true;
        }
        return now.isBefore(end.minus(RENEWED_BEFORE_END)) && names(certificate);
    }

    private boolean names(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            return names != null
                    && names.stream().anyMatch(name -> SelfSigned.ascii(host).equals(name.get(1)));
        } catch (CertificateParsingException e) {
            throw unusable(e.getMessage(), e);
        }
    }

    private KeyMaterial read() {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw unusable("it is too large", null);
            }
            return Pem.read(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw unusable("it cannot be read (" + e + ")", e);
        } catch (GeneralSecurityException e) {
            throw unusable(e.getMessage(), e);
        }
    }

    private UnusableCertificate unusable(String reason, Throwable cause) {
        return new UnusableCertificate(
                "The certificate file " + file + " cannot be used: " + reason
                        + ". Repair it, or remove it and a new one is made.",
                cause);
    }

    private KeyMaterial make(Instant now) {
        try {
            KeyMaterial made = SelfSigned.create(host, now);
            Files.createDirectories(file.getParent());
            write(Pem.write(made));
            return made;
        } catch (IOException e) {
            throw new UnusableCertificate(
                    "No certificate can be kept in " + file.getParent() + " (" + e
                            + "). Make it writable, or set 'directory' to another place.",
                    e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableCertificate(
                    "No certificate can be made for '" + host + "' (" + e.getMessage() + "). Check 'certificateHost'.",
                    e);
        }
    }

    private void write(String text) throws IOException {
        Path draft = file.resolveSibling(NAME + ".new");
        Files.deleteIfExists(draft);
        try (var channel = FileChannel.open(
                draft, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), forOwnerOnly())) {
            var content = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<?>[] forOwnerOnly() {
        Set<String> views = FileSystems.getDefault().supportedFileAttributeViews();
        return views.contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
