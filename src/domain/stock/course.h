#pragma once

#include <optional>
#include <vector>

#include "domain/stock/book.h"

namespace stockwatch::stock {

// What the (shadow) ledger of one item held from row to row: the definition that documents are compared with. Rows come
// in order of position.
class Course {
 public:
  // `rebased`: positions of the documents that the shadow was re-based on, ascending. Outlives the course.
  Course(const WarehouseRules& rules, std::uint32_t keep_seconds,
         const std::vector<base::Position>& rebased)
      : rules_(rules), keep_seconds_(keep_seconds), rebased_(rebased) {}

  void Step(const HistoryRow& row);

  // What it shows; nullopt while there is nothing to compare with.
  std::optional<Figures> Shown() const;
  // Of the present life; nullopt while the item never was deleted.
  const std::optional<base::Position>& deleted_at() const { return now_.deleted_at; }

  // REQUIRES: Shown(), under authority snapshot.
  Shadow MakeShadow() const { return {now_.base, now_.at_base, now_.sums}; }
  const InboundReferences& references() const { return now_.references; }
  const std::optional<base::Position>& counted_at() const { return now_.counted_at; }

 private:
  struct State {
    Figures sums;
    InboundReferences references;
    base::Position base;
    Figures at_base;
    std::optional<base::Position> counted_at;  // since the base
    std::optional<base::Position> deleted_at;
    bool retired = false;
    bool opened = false;
    bool started = false;  // something moved
    bool based = false;    // a document (or zero) gave the figures
  };

  void TakeDocument(const HistoryRow& row);
  void TakeMovement(const HistoryRow& row);
  void SetFrom(const HistoryRow& row, bool all);

  const WarehouseRules& rules_;
  std::uint32_t keep_seconds_;
  const std::vector<base::Position>& rebased_;
  State now_;
};

}  // namespace stockwatch::stock
