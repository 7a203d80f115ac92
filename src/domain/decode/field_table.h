#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stockwatch::decode {

// Finds the core fields that a top-level field of a document is read for. Built once; a look-up
// costs a few compares.
class FieldTable {
 public:
  static constexpr std::size_t kFieldsMax = 32;

  // Field i has the path `paths[names[i]]`, by default its name. REQUIRES: at most kFieldsMax names
  FieldTable(std::span<const std::string_view> names,
             const std::map<std::string, std::string>& paths);

  // Bit i is set if the path of field i is `name`.
  std::uint32_t FieldsNamed(std::string_view name) const {
    if (name.empty()) return 0;
    for (std::size_t place = Hash(name);; place = (place + 1) % kSlots) {
      const Slot& slot = slots_[place];
      if (Same(slot.name, name)) return slot.fields;
      if (slot.name.empty()) return 0;
    }
  }

  // Fields whose path has more than one level.
  const std::vector<std::size_t>& nested() const { return nested_; }
  const std::string& PathOf(std::size_t field) const { return paths_[field]; }

 private:
  struct Slot {
    std::string name;
    std::uint32_t fields = 0;
  };
  static constexpr std::size_t kSlots = 128;  // four times the fields: a gap is always near

  static std::size_t Hash(std::string_view name) {
    const auto byte = [&](std::size_t i) -> std::size_t {
      return static_cast<unsigned char>(name[i]);
    };
    return (name.size() * 5 + byte(0) * 3 + byte(name.size() / 2) * 7 + byte(name.size() - 1)) %
           kSlots;
  }

  template <typename Word>
  static bool SameWord(const char* a, const char* b) {
    Word words[2];
    std::memcpy(&words[0], a, sizeof(Word));
    std::memcpy(&words[1], b, sizeof(Word));
    return words[0] == words[1];
  }
  // By words, the last of which may overlap: a call of memcmp would cost more than the rest.
  template <typename Word>
  static bool SameWords(const std::string& a, std::string_view b) {
    const std::size_t last = b.size() - sizeof(Word);
    for (std::size_t i = 0; i < last; i += sizeof(Word)) {
      if (!SameWord<Word>(a.data() + i, b.data() + i)) return false;
    }
    return SameWord<Word>(a.data() + last, b.data() + last);
  }
  // REQUIRES: b is not empty
  static bool Same(const std::string& a, std::string_view b) {
    if (a.size() != b.size()) return false;
    if (b.size() >= sizeof(std::uint64_t)) return SameWords<std::uint64_t>(a, b);
    if (b.size() >= sizeof(std::uint32_t)) return SameWords<std::uint32_t>(a, b);
    return SameWords<char>(a, b);
  }

  std::array<Slot, kSlots> slots_;
  std::vector<std::string> paths_;
  std::vector<std::size_t> nested_;
};

}  // namespace stockwatch::decode
