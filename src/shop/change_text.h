#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace stockwatch::shop {

// The fields of a document as relaxed Extended JSON, in the order in which they are added. Texts
// are the shop's own and hold nothing that JSON escapes.
class DocumentText {
 public:
  DocumentText& Text(std::string_view name, std::string_view value);
  DocumentText& Number(std::string_view name, std::int64_t value);
  // 2490 with 2 decimals is 24.9.
  DocumentText& Decimal(std::string_view name, std::int64_t scaled, int decimals);
  DocumentText& Date(std::string_view name, base::Instant value);
  DocumentText& Flag(std::string_view name, bool value);
  DocumentText& Document(std::string_view name, const DocumentText& value);
  // A value whose JSON is at hand.
  DocumentText& Json(std::string_view name, std::string_view json);

  // {…}
  std::string json() const { return "{" + fields_ + "}"; }

 private:
  void Name(std::string_view name);

  std::string fields_;
};

// The `_id` of a document.
struct DocumentId {
  std::string json;
  std::string key;  // its part of a resume token, upper-case hex

  static DocumentId OfText(std::string_view text);
  // Seconds, five bytes of the process, a counter of three bytes: as MongoDB's drivers make object
  // ids.
  static DocumentId OfObject(std::uint32_t seconds, std::uint64_t process, std::uint32_t counter);
};

enum class Collection { kInventory, kTransactions, kThresholds };

// Writes changes as MongoDB prints them, one a line, and gives them rising cluster times and tokens
// of their own. REQUIRES: `at` never falls from one call to the next.
class ChangeWriter {
 public:
  explicit ChangeWriter(std::uint64_t seed) : seed_(seed) {}

  struct Target {
    Collection collection;
    const DocumentId& id;
  };
  void Insert(const Target& target, const DocumentText& document, base::Instant at);
  void Replace(const Target& target, const DocumentText& document, base::Instant at);
  // `changed`: the fields that the update set.
  void Update(const Target& target, const DocumentText& changed, const DocumentText& document,
              base::Instant at);
  void Delete(const Target& target, base::Instant at);

  bool empty() const { return lines_.empty(); }
  // The oldest line not taken yet. REQUIRES: !empty()
  std::string Take();

 private:
  DocumentText Head(std::string_view operation, const Target& target, base::Instant at);
  std::string Token(const Target& target) const;

  std::uint64_t seed_;
  std::uint32_t seconds_ = 0;    // of the last change
  std::uint32_t increment_ = 0;  // of the last change
  std::deque<std::string> lines_;
};

}  // namespace stockwatch::shop
