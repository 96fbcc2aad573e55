// SPDX-License-Identifier: Apache-2.0
package segue.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.MergeTrigger;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;

/**
 * Merges only when told to, and then all segments of the current run of documents at once: those
 * behind the first {@code finished} ones. They lie next to each other, so documents keep the order
 * of the file.
 */
final class RunMergePolicy extends MergePolicy {
  private final boolean rewriteFlushed;
  private volatile int finished = 0;

  /** {@code rewriteFlushed}: a run that is one flushed segment is merged, too (to be reordered). */
  RunMergePolicy(boolean rewriteFlushed) {
    this.rewriteFlushed = rewriteFlushed;
    // Merged segments stay separate files, as the writer's flushed ones do: sizes are told by part.
    setNoCFSRatio(0.0);
  }

  void setFinished(int segments) {
    finished = segments;
  }

  @Override
  public MergeSpecification findMerges(
      MergeTrigger trigger, SegmentInfos infos, MergeContext context) {
    return null;
  }

  @Override
  public MergeSpecification findForcedMerges(SegmentInfos infos, int maxSegmentCount,
      Map<SegmentCommitInfo, Boolean> segmentsToMerge, MergeContext context) {
    List<SegmentCommitInfo> run = new ArrayList<>();
    for (int i = finished; i < infos.size(); i++) {
      run.add(infos.info(i));
    }
    boolean flushedAlone =
        run.size() == 1 && "flush".equals(run.get(0).info.getDiagnostics().get("source"));
    boolean wanted = run.size() > 1 || (rewriteFlushed && flushedAlone);
    if (!wanted || run.stream().anyMatch(context.getMergingSegments()::contains)) {
      return null;
    }
    MergeSpecification specification = new MergeSpecification();
    specification.add(new OneMerge(run));
    return specification;
  }

  @Override
  public MergeSpecification findForcedDeletesMerges(SegmentInfos infos, MergeContext context) {
    return null;
  }
}
