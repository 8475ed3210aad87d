package io.millrace.launcher;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The last lines of a file that grows, and what comes after them, in a new file of that name too. */
final class LogTail implements Closeable {

    private static final int BLOCK = 1 << 16;

    private final Path file;
    private FileChannel channel;
    private Object key;

    private LogTail(Path file) throws IOException {
        this.file = file;
        begin();
    }

    /** Starts before the last so many lines. */
    static LogTail open(Path file, int lines) throws IOException {
        LogTail tail = new LogTail(file);
        tail.channel.position(tail.before(lines));
        return tail;
    }

    private void begin() throws IOException {
        channel = FileChannel.open(file);
        key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private long before(int lines) throws IOException {
        long end = channel.size();
        if (lines == 0) {
            return end;
        }
        int missing = lines;
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (long from = end; from > 0; ) {
            int size = (int) Math.min(BLOCK, from);
            from -= size;
            block.clear().limit(size);
            while (block.hasRemaining() && channel.read(block, from + block.position()) >= 0) {
                // Until the block is whole.
            }
            for (int at = block.position() - 1; at >= 0; at--) {
                // The break that ends the last line stands before no line.
                if (block.get(at) == '\n' && from + at + 1 < end && --missing == 0) {
                    return from + at + 1;
                }
            }
        }
        return 0;
    }

    /** Copies what is there and was not copied before. */
    void copyTo(OutputStream out) throws IOException {
        copyRest(out);
        if (replaced()) {
            // What was written between the last look and the change of files.
            copyRest(out);
            channel.close();
            begin();
            copyRest(out);
        }
        out.flush();
    }

    private boolean replaced() throws IOException {
        try {
            Object now = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return !key.equals(now) || channel.size() < channel.position();
        } catch (NoSuchFileException e) {
            // The new file comes in a moment.
            return false;
        }
    }

    private void copyRest(OutputStream out) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        while (channel.read(block) > 0) {
            out.write(block.array(), 0, block.position());
            block.clear();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
