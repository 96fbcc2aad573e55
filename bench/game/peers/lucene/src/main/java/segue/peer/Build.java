// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.misc.index.BPIndexReorderer;
import org.apache.lucene.misc.index.BPReorderingMergePolicy;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/** {@code build}: documents in, an index of the wanted segments out. */
final class Build {
  /** The analyzer would cut longer words at 255; none in the corpora is, but keep them whole. */
  private static final int LONGEST_WORD = 32766;

  /** Reordering is skipped where this does not suffice, and then the build fails. */
  private static final double REORDER_HEAP_SHARE = 0.5;

  private final BuildOptions options;
  private final RunMergePolicy runs;
  private final IndexWriter writer;
  private final Placement placement;
  private final List<String> doomed = new ArrayList<>();

  private Build(BuildOptions options, Directory directory) throws IOException {
    this.options = options;
    runs = new RunMergePolicy(options.reorder);
    IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer(LONGEST_WORD));
    config.setSimilarity(new BM25Similarity(1.2f, 0.75f));
    config.setRAMBufferSizeMB(options.memoryMb);
    config.setUseCompoundFile(false);
    config.setMergePolicy(options.reorder ? reordering(runs) : runs);
    config.setCommitOnClose(false);
    writer = new IndexWriter(directory, config);
    placement = new Placement(options.reorder);
  }

  /** Builds, and returns the line to print. */
  static String run(BuildOptions options, InputStream input)
      throws IOException, InterruptedException {
    Files.createDirectory(options.directory);
    long documents;
    try (Directory directory = new MMapDirectory(options.directory)) {
      Build build = new Build(options, directory);
      try (IndexWriter writer = build.writer) {
        documents = build.addAll(new Corpus(input));
        build.delete();
      }
      if (options.threads == 1) {
        build.placement.check(directory, documents);
      }
    }
    return Measure.report(options, documents);
  }

  private static MergePolicy reordering(MergePolicy inner) {
    BPIndexReorderer reorderer = new BPIndexReorderer();
    reorderer.setFields(Set.of(Fields.TEXT));
    reorderer.setRAMBudgetMB(Runtime.getRuntime().maxMemory() * REORDER_HEAP_SHARE / (1 << 20));
    return new BPReorderingMergePolicy(inner, reorderer);
  }

  private long addAll(Corpus corpus) throws IOException, InterruptedException {
    Adders adders = newAdders();
    long line = 0;
    int run = 0;
    while (corpus.next()) {
      if (line > 0 && line == options.runEnd(run)) {
        adders.finish();
        adders = newAdders();
        finishRun(++run);
      }
      if (options.deleteEvery > 0 && line % options.deleteEvery == 0) {
        doomed.add(corpus.id);
      }
      placement.note(line, corpus.id);
      adders.add(corpus.entry());
      line++;
    }
    adders.finish();
    finishRun(++run);
    writer.commit();
    if (options.documents >= 0 && options.documents != line) {
      throw new IllegalArgumentException(
          "--documents said " + options.documents + ", but " + line + " came");
    }
    return line;
  }

  private Adders newAdders() {
    return new Adders(
        writer, options.threads, () -> new Fields(options));
  }

  /** Merges what the run left into one segment, the {@code segments}-th. */
  private void finishRun(int segments) throws IOException {
    writer.forceMerge(1);
    runs.setFinished(segments);
  }

  private void delete() throws IOException {
    if (doomed.isEmpty()) {
      return;
    }
    for (String id : doomed) {
      writer.deleteDocuments(new Term(Fields.ID, id));
    }
    writer.commit();
  }
}
