#include "adapters/rocksdb_store/table_options.h"

#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <utility>

namespace stockwatch::rocksdb_store {
namespace {

using Cache = std::shared_ptr<rocksdb::Cache>;

class Silence : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::BlockBasedTableOptions BlockOptions(const Cache& cache) {
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = cache;
  blocks.block_size = std::size_t{16} << 10;
  blocks.format_version = 5;
  blocks.checksum = rocksdb::kXXH3;
  return blocks;
}

rocksdb::ColumnFamilyOptions FamilyOptions() {
  rocksdb::ColumnFamilyOptions options;
  options.max_write_buffer_number = 2;
  options.write_buffer_size = std::size_t{1} << 20;  // nothing is written but by ingestion
  return options;
}

}  // namespace

void Watch::OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) {
  const std::lock_guard lock(mutex_);
  if (first_.ok()) first_ = *status;
}

void Watch::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                                 bool* auto_recovery) {
  *auto_recovery = false;
}

rocksdb::Status Watch::first() const {
  const std::lock_guard lock(mutex_);
  return first_;
}

rocksdb::DBOptions DatabaseOptions(const Disk& disk) {
  rocksdb::DBOptions options;
  options.env = disk.env();
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.paranoid_checks = true;
  options.max_background_jobs = 2;
  // Nice 19: compaction must not take the core that commits need.
  options.env->LowerThreadPoolCPUPriority(rocksdb::Env::LOW);
  // Written out as they grow: one sync of a whole table would hold up the journal's.
  options.bytes_per_sync = std::uint64_t{1} << 20;
  options.max_bgerror_resume_count = 0;
  options.max_open_files = 512;
  options.max_file_opening_threads = 1;
  options.skip_stats_update_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log = std::make_shared<Silence>();
  return options;
}

rocksdb::ColumnFamilyOptions RecordOptions(const Cache& cache) {
  rocksdb::ColumnFamilyOptions options = FamilyOptions();
  options.compression = rocksdb::kLZ4Compression;
  // Read at a start and for lists only: a merge of more tables there is cheaper than a compaction
  // that writes every record anew for every fourth of them.
  options.level0_file_num_compaction_trigger = 8;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(BlockOptions(cache)));
  return options;
}

rocksdb::ColumnFamilyOptions HistoryOptions(const Cache& cache) {
  rocksdb::ColumnFamilyOptions options = FamilyOptions();
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  // A row is written again once for every factor of twelve by which the history has grown; filters
  // keep the reading of one item's rows to the tables that have some.
  options.level0_file_num_compaction_trigger = 12;
  options.compaction_options_universal.min_merge_width = 12;
  options.compression = rocksdb::kZSTD;
  options.compression_opts.level = 1;
  options.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(sizeof(std::uint32_t)));
  rocksdb::BlockBasedTableOptions blocks = BlockOptions(cache);
  blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  blocks.whole_key_filtering = false;  // an item's rows are read together
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return options;
}

}  // namespace stockwatch::rocksdb_store
