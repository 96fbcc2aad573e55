// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a build cost: time and memory of this process, the start of the virtual machine included.
 */
final class Measure {
  /** Linux counts a process's time in hundredths of a second in every file of /proc. */
  private static final double TICKS_A_SECOND = 100.0;

  private Measure() {}

  static String report(BuildOptions options, long documents) throws IOException {
    Map<String, Long> parts = indexParts(options.directory);
    long bytes = parts.values().stream().mapToLong(Long::longValue).sum();
    StringBuilder list = new StringBuilder();
    for (Map.Entry<String, Long> part : parts.entrySet()) {
      list.append(list.isEmpty() ? "\"" : ",\"");
      list.append(part.getKey()).append("\":").append(part.getValue());
    }
    return String.format(Locale.ROOT,
        "{\"engine\":\"%s\",\"version\":\"%s\",\"documents\":%d,\"wall_s\":%.6f,\"cpu_s\":%.2f,"
            + "\"peak_rss_bytes\":%d,\"index_bytes\":%d,\"parts\":{%s}}",
        Main.engine(options.reorder), Main.version(), documents, wallSeconds(), cpuSeconds(),
        peakRssBytes(), bytes, list);
  }

  /** Since the process began, to a hundredth. */
  private static double wallSeconds() throws IOException {
    String uptime = Files.readString(Path.of("/proc/uptime"));
    double now = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
    return now - Double.parseDouble(statFields()[19]) / TICKS_A_SECOND;
  }

  /** User and system time of all threads, finished ones too. */
  private static double cpuSeconds() throws IOException {
    String[] fields = statFields();
    return (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) / TICKS_A_SECOND;
  }

  /** What follows the program's name, which stands in brackets and may hold spaces. */
  private static String[] statFields() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
  }

  private static long peakRssBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    throw new IllegalStateException("/proc/self/status has no VmHWM");
  }

  /** Bytes by kind of file: by extension, or by name up to the number where there is none. */
  private static Map<String, Long> indexParts(Path directory) throws IOException {
    Map<String, Long> parts = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String kind = dot >= 0 ? name.substring(dot) : name.replaceAll("_[0-9a-z]*$", "");
        parts.merge(kind, Files.size(file), Long::sum);
      }
    }
    return parts;
  }
}
