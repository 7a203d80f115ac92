#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace stockwatch::base {

using Sha256Bytes = std::array<std::uint8_t, 32>;

// SHA-256 over a stream of bytes. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Update(std::string_view bytes);
  // Ends the stream; call once.
  Sha256Bytes Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Sha256Bytes Sha256Of(std::string_view bytes);
std::string Hex(std::string_view bytes);
std::string Hex(const Sha256Bytes& bytes);

}  // namespace stockwatch::base
