// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.apache.lucene.index.IndexWriter;

/** Adds documents by one thread, the caller's, or by several that take them from a queue. */
final class Adders {
  private static final Corpus.Entry END = new Corpus.Entry("", "", "", "", -1);
  private static final int QUEUED = 256;

  private final IndexWriter writer;
  private final Fields own;
  private final BlockingQueue<Corpus.Entry> queue = new ArrayBlockingQueue<>(QUEUED);
  private final List<Thread> threads = new ArrayList<>();
  private volatile Throwable failure;

  /** {@code fields}: makes those of a thread. */
  Adders(IndexWriter writer, long threadCount, Supplier<Fields> fields) {
    this.writer = writer;
    own = fields.get();
    for (long i = 0; threadCount > 1 && i < threadCount; i++) {
      Fields theirs = fields.get();
      Thread thread = new Thread(() -> work(theirs));
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  void add(Corpus.Entry entry) throws IOException, InterruptedException {
    if (threads.isEmpty()) {
      writer.addDocument(own.document(entry));
      return;
    }
    queue.put(entry);
    throwFailure();
  }

  /** Returns when all are added; nothing can be added then. */
  void finish() throws IOException, InterruptedException {
    for (int i = 0; i < threads.size(); i++) {
      queue.put(END);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    throwFailure();
  }

  private void work(Fields fields) {
    try {
      for (Corpus.Entry entry = queue.take(); entry != END; entry = queue.take()) {
        // After a failure the queue is still emptied, so that nobody waits for room in it.
        if (failure == null) {
          add(entry, fields);
        }
      }
    } catch (InterruptedException e) {
      failure = e;
    }
  }

  private void add(Corpus.Entry entry, Fields fields) {
    try {
      writer.addDocument(fields.document(entry));
    } catch (Throwable e) {  // memory, too: the caller ends the build
      failure = e;
    }
  }

  private void throwFailure() throws IOException {
    if (failure != null) {
      throw new IOException("a document was not added", failure);
    }
  }
}
