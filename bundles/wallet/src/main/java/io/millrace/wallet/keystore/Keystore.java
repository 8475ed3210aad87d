package io.millrace.wallet.keystore;

import io.millrace.api.value.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A keystore file, or a folder of them as go-ethereum keeps it. */
public final class Keystore {

    /** Files of a folder that are looked at. */
    private static final int MOST_FILES = 10_000;

    private static final int SHOWN = 20;

    private Keystore() {}

    /** The account that a text such as 0x12... names; none when it is no address. */
    public static Optional<Address> account(String text) {
        return KeyFile.address(text);
    }

    /**
     * The file to unlock: the one that is named, or the newest of a folder that is of the account, or that is of the
     * only account of the folder.
     *
     * @throws UnusableKeystore when there is none, or it is of another account, or the account is not clear
     */
    public static KeyFile find(Path keystore, Optional<Address> account) throws UnusableKeystore {
        KeyFile found = KeyFile.read(Files.isDirectory(keystore) ? in(keystore, account) : keystore);
        if (account.isPresent() && found.address().isPresent() && !found.address().equals(account)) {
            throw new UnusableKeystore(
                    found + " is not of account " + account.get() + ". Correct 'account' or 'keystore'");
        }
        return found;
    }

    private static Path in(Path folder, Optional<Address> account) throws UnusableKeystore {
        Map<String, List<Path>> files = files(folder);
        if (files.isEmpty()) {
            throw new UnusableKeystore("folder " + folder + " has no keystore file. Correct 'keystore'");
        }
        if (account.isEmpty() && files.size() > 1) {
            throw new UnusableKeystore("folder " + folder + " has keystore files of " + files.size() + " accounts ("
                    + names(files) + "). Set 'account' to one of them");
        }
        String wanted = account.map(Address::toString).orElseGet(() -> files.keySet().iterator().next());
        if (!files.containsKey(wanted)) {
            throw new UnusableKeystore("folder " + folder + " has no keystore file of account " + wanted + ", only of "
                    + names(files) + ". Correct 'account' or 'keystore'");
        }
        return files.get(wanted).stream().max(AGE).orElseThrow();
    }

    /** The time is in the name, UTC--2026-01-31...; a file of another name counts as older. */
    private static final Comparator<Path> AGE = Comparator.<Path, Boolean>comparing(
                    file -> file.getFileName().toString().startsWith("UTC--"))
            .thenComparing(file -> file.getFileName().toString());

    private static String names(Map<String, List<Path>> files) {
        return files.keySet().stream().limit(SHOWN).collect(Collectors.joining(", "))
                + (files.size() > SHOWN ? ", ..." : "");
    }

    /** By account. What is no keystore file of an account is left out, as go-ethereum leaves it out. */
    private static Map<String, List<Path>> files(Path folder) throws UnusableKeystore {
        Map<String, List<Path>> files = new TreeMap<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.limit(MOST_FILES).toList()) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") && !name.endsWith("~") && Files.isRegularFile(file)) {
                    KeyFile.addressIn(file)
                            .ifPresent(account -> files.computeIfAbsent(account.toString(), _ -> new ArrayList<>())
                                    .add(file));
                }
            }
        } catch (IOException e) {
            throw new UnusableKeystore("folder " + folder
                    + " cannot be read. Give the user that this process runs as the right to read it");
        }
        return files;
    }
}
