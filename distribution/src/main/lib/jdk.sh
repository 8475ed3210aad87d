# Finds Java, wherever it lies. Read by bin/millrace and, in a checkout, by ./millrace.

# The feature version of a JDK's folder; 0 when it does not say.
java_version_of() {
    if [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    else
        version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
    fi
    echo "${version:-0}"
}

# The folder of a Java 25 or newer that has this tool, java or javac. A message and 1 when there is none.
java_home_with() {
    on_path=$(readlink -f "$(command -v "$1" || echo /none)" || echo /none)
    for candidate in "${MILLRACE_JAVA_HOME:-}" "${JAVA_HOME:-}" \
        /usr/lib/jvm/*25* /usr/lib/jvm/*2[6-9]* /usr/java/*25* /opt/java/* /opt/*jdk*25* \
        "${HOME:-}"/.sdkman/candidates/java/25* "${HOME:-}"/.jdks/*25* "${on_path%/bin/"$1"}"; do
        if [ -n "$candidate" ] && [ -x "$candidate/bin/$1" ] && [ "$(java_version_of "$candidate")" -ge 25 ]; then
            echo "$candidate"
            return
        fi
    done
    echo "Millrace needs Java 25 or newer, and none was found. Install a JDK 25 (for instance Temurin) or name its folder in JAVA_HOME." >&2
    return 1
}
