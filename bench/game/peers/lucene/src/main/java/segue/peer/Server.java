// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.MMapDirectory;

/** {@code serve}: a request a line in, an answer a line out. */
final class Server implements Closeable {
  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  Server(Path directory) throws IOException {
    reader = DirectoryReader.open(new MMapDirectory(directory));
    searcher = new IndexSearcher(reader);
    searcher.setSimilarity(new BM25Similarity(1.2f, 0.75f));
    searcher.setQueryCache(null);
  }

  @Override
  public void close() throws IOException {
    reader.close();
    reader.directory().close();
  }

  void serve(InputStream input, OutputStream output) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(input, StandardCharsets.ISO_8859_1));
    Writer answers = new OutputStreamWriter(output, StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      answers.write(answerOrError(line));
      answers.write('\n');
      answers.flush();
    }
  }

  private String answerOrError(String request) {
    try {
      return answer(request);
    } catch (IOException | RuntimeException e) {
      return "ERROR\t" + Errors.sentence(e);
    }
  }

  private String answer(String request) throws IOException {
    String[] columns = request.split("\t", -1);
    if (columns.length < 2) {
      throw new IllegalArgumentException("a request is COMMAND<TAB>query[<TAB>filter]");
    }
    Command command = Command.parse(columns[0]);
    String filter = columns.length > 2 && !columns[2].isEmpty() ? columns[2] : null;

    long begin = System.nanoTime();
    Query query = Queries.make(columns[1], filter);
    if (command.kind() == Command.Kind.HITS) {
      return hits(query, command.k());
    }
    long answer = number(query, command);
    return answer + "\t" + (System.nanoTime() - begin);
  }

  private long number(Query query, Command command) throws IOException {
    return switch (command.kind()) {
      case COUNT -> searcher.count(query);
      case TOP -> top(query, command.k(), 1).scoreDocs.length;
      case TOP_AND_COUNT -> top(query, command.k(), Integer.MAX_VALUE).totalHits.value();
      case HITS -> throw new IllegalArgumentException("hits are no number");
    };
  }

  /** Once {@code exactUntil} hits are counted (and k held), documents may be skipped. */
  private TopDocs top(Query query, int k, int exactUntil) throws IOException {
    int held = Math.max(1, Math.min(k, reader.maxDoc()));
    return searcher.search(query, new TopScoreDocCollectorManager(held, exactUntil));
  }

  /** A hit by its line, so that ties can be put in the order of lines. */
  private record Hit(int line, float score) {}

  /**
   * The same search as for TOP, but deep enough to see every tie with the last place: Lucene breaks
   * ties by document, and in a reordered index these have an order of their own.
   */
  private String hits(Query query, int k) throws IOException {
    int depth = k + 1;
    ScoreDoc[] found = top(query, depth, 1).scoreDocs;
    while (found.length == depth && found[depth - 1].score == found[k - 1].score) {
      depth *= 2;
      found = top(query, depth, 1).scoreDocs;
    }
    Lines lines = new Lines(reader);
    Hit[] hits = new Hit[found.length];
    for (int i = 0; i < found.length; i++) {
      hits[i] = new Hit(lines.of(found[i].doc), found[i].score);
    }
    Arrays.sort(
        hits, (a, b) -> a.score != b.score ? Float.compare(b.score, a.score) : a.line - b.line);
    StringBuilder text = new StringBuilder();
    for (Hit hit : Arrays.copyOf(hits, Math.min(k, hits.length))) {
      text.append(text.isEmpty() ? "" : " ");
      text.append(String.format(Locale.ROOT, "%d:%.8e", hit.line, hit.score));
    }
    return text.toString();
  }
}
