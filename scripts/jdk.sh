# SPDX-License-Identifier: Apache-2.0
# Sourced by the launchers of Java programs: where a JDK of release 21 or later is.
oldest_jdk=21

# The release number of the JDK in folder $1, or 0 where there is none with a compiler.
jdk_release() {
  local version=0
  if [ -x "$1/bin/javac" ]; then
    version=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  fi
  echo "${version:-0}"
}

# Prints the folder of the JDK: the one in JAVA_HOME, else the newest under /usr/lib/jvm. Fails
# where none is new enough.
find_jdk() {
  local best="" best_release=0 folder release
  if [ -n "${JAVA_HOME:-}" ] && [ "$(jdk_release "$JAVA_HOME")" -ge "$oldest_jdk" ]; then
    echo "$JAVA_HOME"
    return
  fi
  for folder in /usr/lib/jvm/*/; do
    release=$(jdk_release "${folder%/}")
    if [ "$release" -gt "$best_release" ]; then
      best=${folder%/} best_release=$release
    fi
  done
  [ "$best_release" -ge "$oldest_jdk" ] && echo "$best"
}
