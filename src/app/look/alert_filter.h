#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/alert/episode_record.h"
#include "flow/canonical.h"
#include "flow/state.h"
#include "ports/state_store.h"

namespace stockwatch::look {

// Which alerts somebody wants to see.
struct AlertFilter {
  // Names of what can be said, as the API and the commands have them.
  static constexpr std::array<std::string_view, 9> kNames{"state",     "type",       "severity",
                                                          "warehouse", "department", "category",
                                                          "brand",     "sku",        "held_back"};
  using Given = std::function<const std::string*(std::string_view name)>;  // nullptr: not given
  // kInvalidArgument, with the name.
  static base::Result<AlertFilter> From(const Given& given);

  bool closed() const { return states == 1u << static_cast<unsigned>(alert::State::kClosed); }
  bool names_levels() const {
    return !warehouse.empty() || !department.empty() || !category.empty() || !brand.empty() ||
           !sku.empty();
  }

  // A bit for each state; closed ones are asked for alone, as the store has them.
  std::uint8_t states = 0b0111;
  std::optional<event::ConditionType> type;
  std::optional<event::Severity> severity;
  std::string warehouse;
  std::string department;
  std::string category;
  std::string brand;
  std::string sku;
  std::optional<bool> held_back;
};

// Of one in memory, and of one that the store has.
bool Takes(const AlertFilter& filter, const flow::State& state, const alert::Episode& episode);
bool Takes(const AlertFilter& filter, const flow::State& state, const alert::EpisodeRecord& record);

// Lines of the alerts that it takes, newest first, as flow::AlertLine with the state writes them.
base::Status WriteAlerts(const AlertFilter& filter, const flow::State& state,
                         ports::StateStore& store, const flow::LineSink& sink);

}  // namespace stockwatch::look
