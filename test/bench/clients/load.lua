-- The end of a run of wrk, as one line of JSON.
done = function(summary, latency)
  local failed = summary.errors
  io.write(string.format(
    '{"answers":%d,"seconds":%.6f,"p99ms":%.3f,"errors":%d}\n',
    summary.requests - failed.status, summary.duration / 1e6, latency:percentile(99) / 1e3,
    failed.connect + failed.read + failed.write + failed.timeout + failed.status))
end
