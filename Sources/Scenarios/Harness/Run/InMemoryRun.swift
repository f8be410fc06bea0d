extension Pack {
  /// Runs a whole plan in memory, without folder, checkpoints or progress: for tests and for exploring.
  public func measure(_ request: RunRequest, threads: Int = 1) throws -> MetricTable {
    let log = MetricLog()
    for job in try plan(request).jobs {
      log.begin(job)
      var run = try start(job, parameters: request.parameters, threads: threads)
      while try !run.advance(log) {}
    }
    return try log.table()
  }
}
