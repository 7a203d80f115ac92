// Linked where the thread sanitizer is.

extern "C" const char* __tsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)

// RocksDB comes without instrumentation: that its atomic counters keep a block alive until its last
// reader is done cannot be seen, only that one thread reads the block by memcmp and another frees
// it. Reports whose stacks go through that library are left out, and with them those of what it
// calls back: the file system of the store's tests. (called_from_lib would leave out its mutexes
// too, and with them half of what its headers lock.)
const char* __tsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "race:librocksdb.so\n";
}
