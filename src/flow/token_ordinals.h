#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "ports/batch.h"

namespace stockwatch::flow {

// The ordinal of a resume token among the distinct tokens of its cluster time, from 0: the same
// token is the same change however often it comes. The latest cluster times seen are remembered, at
// least half of `capacity` tokens; those of one cluster time (a transaction) stay together, however
// many they are. A token that comes again later than that counts as the first of
// its cluster time. Tokens are told apart by 128 bits of hash. One thread at a time.
class TokenOrdinals {
 public:
  explicit TokenOrdinals(std::uint32_t capacity);
  ~TokenOrdinals();
  TokenOrdinals(const TokenOrdinals&) = delete;
  TokenOrdinals& operator=(const TokenOrdinals&) = delete;

  std::uint32_t Of(std::uint32_t seconds, std::uint32_t increment, std::string_view token);

  // Puts into the batch what was seen and forgotten since the last call.
  void Save(ports::Batch& batch);
  // There will be no restart: what the next Save would put is dropped.
  void SkipSave();
  // After a restart: a record that Save wrote. kDataLoss: it is none.
  base::Status Restore(std::string_view key, std::string_view record);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::flow
