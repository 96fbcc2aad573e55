// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import com.google.gson.JsonParser;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.ByteBuffersDirectory;

/**
 * Answers queries in segue's JSON form with Lucene, every match scored: {@code Main DOCUMENTS
 * QUERIES ANSWERS}. An answer is the total, the number of hits that follow, and of each, best
 * first, the document's number and the bits of its score; all of them int, big-endian.
 */
public final class Main {
  /** As many as segue gives. */
  private static final int MAX_HITS = 10_000;

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    try (ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
      Collection.index(Path.of(arguments[0]), directory);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        answer(reader, Path.of(arguments[1]), Path.of(arguments[2]));
      }
    }
  }

  private static void answer(DirectoryReader reader, Path queries, Path answers)
      throws IOException {
    IndexSearcher.setMaxClauseCount(1 << 20); // several patterns of many terms in a query
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setSimilarity(new FieldSimilarity());
    searcher.setQueryCache(null);
    QueryReader translator = new QueryReader(reader);
    try (Stream<String> lines = Files.lines(queries);
        DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(answers)))) {
      for (String line : (Iterable<String>) lines::iterator) {
        write(searcher, translator.read(JsonParser.parseString(line).getAsJsonObject()), out);
      }
    }
  }

  private static void write(IndexSearcher searcher, Query query, DataOutputStream out)
      throws IOException {
    TopDocs found =
        searcher.search(query, new TopScoreDocCollectorManager(MAX_HITS, Integer.MAX_VALUE));
    out.writeInt(Math.toIntExact(found.totalHits.value()));
    out.writeInt(found.scoreDocs.length);
    for (ScoreDoc hit : found.scoreDocs) {
      out.writeInt(hit.doc);
      out.writeInt(Float.floatToRawIntBits(hit.score));
    }
  }
}
