package io.millrace.ops.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * A file of the pages, as it goes out.
 *
 * @param tag entity tag, made of the content
 */
record PageFile(String type, byte[] content, String tag) {

    private static final int TAG_BYTES = 8;

    private static final Map<String, PageFile> ASSETS = Map.of(
            "/assets/page.css", of("page.css", "text/css; charset=utf-8"),
            "/assets/colours.css", of("colours.css", "text/css; charset=utf-8"),
            "/assets/console.css", of("console.css", "text/css; charset=utf-8"),
            "/assets/page.js", of("page.js", "text/javascript; charset=utf-8"),
            "/assets/index.js", of("index.js", "text/javascript; charset=utf-8"),
            "/assets/money.js", of("money.js", "text/javascript; charset=utf-8"),
            "/assets/player.js", of("player.js", "text/javascript; charset=utf-8"),
            "/assets/icon.svg", of("icon.svg", "image/svg+xml"),
            "/assets/hls.min.js", of("hls.js/hls.min.js", "text/javascript; charset=utf-8"));
    private static final PageFile INDEX = of("index.html", "text/html; charset=utf-8");
    private static final PageFile MONEY = of("money.html", "text/html; charset=utf-8");
    private static final PageFile PLAYER = of("player.html", "text/html; charset=utf-8");

    /** The file of this path. A player's page is the same for all streams: it reads its own address. */
    static Optional<PageFile> at(String path) {
        if (path.equals("/")) {
            return Optional.of(INDEX);
        }
        if (path.equals("/money")) {
            return Optional.of(MONEY);
        }
        return path.startsWith("/player/") ? Optional.of(PLAYER) : Optional.ofNullable(ASSETS.get(path));
    }

    boolean isPage() {
        return type.startsWith("text/html");
    }

    private static PageFile of(String resource, String type) {
        try (InputStream in = PageFile.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the bundle lacks " + resource);
            }
            byte[] content = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new PageFile(type, content, '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
