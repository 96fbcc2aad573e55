// SPDX-License-Identifier: Apache-2.0
package segue.parity;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.Directory;

/**
 * Makes the index that a file of lines describes: documents, {@code {"commit":true}} where a
 * segment ends, {@code {"delete":KEY}}. Nothing is merged, so that deleted documents stay.
 */
final class Collection {
  private Collection() {}

  static void index(Path documents, Directory directory) throws IOException {
    // The text is lower-case words of ASCII between spaces: what it makes of them is no question.
    IndexWriterConfig config = new IndexWriterConfig(new StandardAnalyzer());
    config.setSimilarity(new FieldSimilarity());
    config.setMergePolicy(NoMergePolicy.INSTANCE);
    try (IndexWriter writer = new IndexWriter(directory, config);
        Stream<String> lines = Files.lines(documents)) {
      for (String line : (Iterable<String>) lines::iterator) {
        take(JsonParser.parseString(line).getAsJsonObject(), writer);
      }
      writer.commit();
    }
  }

  private static void take(JsonObject line, IndexWriter writer) throws IOException {
    if (line.has("commit")) {
      writer.commit();
    } else if (line.has("delete")) {
      writer.deleteDocuments(new Term(Fields.ID, line.get("delete").getAsString()));
    } else {
      writer.addDocument(Fields.document(line));
    }
  }
}
