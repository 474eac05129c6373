import CKernels

/// How the threads share a step: by rows of all images, or by panels of output channels where that is more even.
struct WorkSplit {
  /// Steps that take less time on one thread stay there. As long as a meeting of two threads (0.4 us): between steps that are
  /// shared a step costs the meetings around it in any case, and its data would change cores. MLPerf Tiny's VWW takes 70 us on
  /// one thread and on two 43 with 300 ns here, 47 with 1200, 58 with 2400; ResNet-8 65, 34, 36, 37.
  static let worthwhileNanoseconds = 400

  /// One for each thread; those of a thread without a share are empty.
  let ranges: [nn_range]

  init(_ step: PlannedStep, threads: Int, worthwhileNanoseconds: Int) {
    let rows = step.rowCount
    let panels = step.panelCount
    guard threads > 1, step.estimatedNanoseconds >= worthwhileNanoseconds else {
      let empty = nn_range(row_begin: 0, row_end: 0, column_begin: 0, column_end: 0)
      ranges = [WorkSplit.range(rows: 0..<rows, panels: 0..<panels)] + Array(repeating: empty, count: threads - 1)
      return
    }
    let splitsPanels = step.step.splits_columns != 0 && WorkSplit.waste(panels, threads) < WorkSplit.waste(rows, threads)
    ranges = (0..<threads).map { thread in
      splitsPanels
        ? WorkSplit.range(rows: 0..<rows, panels: WorkSplit.share(of: panels, thread, threads))
        : WorkSplit.range(rows: WorkSplit.share(of: rows, thread, threads), panels: 0..<panels)
    }
  }

  /// The largest share as a multiple of an even one.
  private static func waste(_ count: Int, _ threads: Int) -> Double {
    Double((count + threads - 1) / threads * threads) / Double(count)
  }

  private static func share(of count: Int, _ thread: Int, _ threads: Int) -> Range<Int> {
    count * thread / threads..<count * (thread + 1) / threads
  }

  /// Safe: rows and channels of a planned activation fit 31 bits (`ActivationLayout`).
  private static func range(rows: Range<Int>, panels: Range<Int>) -> nn_range {
    nn_range(
      row_begin: Int32(rows.lowerBound), row_end: Int32(rows.upperBound), column_begin: Int32(panels.lowerBound),
      column_end: Int32(panels.upperBound))
  }
}
