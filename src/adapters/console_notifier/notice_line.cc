#include "adapters/console_notifier/notice_line.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/console_notifier/condition_words.h"
#include "base/instant.h"
#include "base/money.h"
#include "base/quantity.h"
#include "domain/alert/episode_book.h"
#include "domain/event/condition_type.h"

namespace stockwatch::console_notifier {
namespace {

using alert::Cause;
using alert::NoticeKind;
using event::ConditionType;
using outbox::Message;

// The longest severity, condition and "resolved (…)"; subjects may be longer.
constexpr std::size_t kSeverityWidth = 8;
constexpr std::size_t kConditionWidth = 18;
constexpr std::size_t kKindWidth = 18;
constexpr std::size_t kSubjectWidth = 36;

constexpr std::string_view kIndent = "    ";
constexpr std::size_t kCriticalLines = 20;  // of a digest

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kGreen = "\x1b[32m";
// By severity: cyan, yellow, red, white on red.
constexpr std::array<std::string_view, 4> kSeverityColours{"\x1b[36m", "\x1b[33m", "\x1b[31m",
                                                           "\x1b[97;41m"};

// Characters, not bytes: every byte that does not continue one.
std::size_t WidthOf(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// The text, filled up with blanks to `width`, then a gap.
void AppendCell(std::string& out, std::string_view text, std::size_t width,
                std::string_view colour = {}) {
  out.append(colour).append(text);
  if (!colour.empty()) out.append(kReset);
  const std::size_t used = WidthOf(text);
  out.append(used < width ? width - used : 0, ' ').append("  ");
}

// Thousandths of whatever the condition compares.
void AppendFigure(std::string& out, std::int64_t thousandths) {
  base::AppendQuantity(out, base::Quantity::Thousandths(thousandths));
}

// 2026-01-09 13:04:05
std::string TimeText(base::Instant at) {
  constexpr std::size_t kDateBytes = 10;
  constexpr std::size_t kTimeBytes = 19;
  std::string text;
  base::AppendInstant(text, at);
  text.resize(kTimeBytes);
  text[kDateBytes] = ' ';
  return text;
}

std::string SeverityText(event::Severity severity) {
  std::string text(event::Name(severity));
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

// The item is out: what was foreseen has come, and the cause "cleared" would say the contrary.
template <typename About>
bool HasRunOut(const About& of) {
  return of.type == ConditionType::kProjectedStockout && of.kind == NoticeKind::kResolved &&
         of.value <= 0;
}

constexpr std::string_view kRanOut = "resolved (ran out)";

std::string KindText(const Message& message) {
  std::string text(alert::Name(message.kind));
  if (message.kind == NoticeKind::kResolved) {
    if (message.cause == Cause::kCleared && HasRunOut(message)) return std::string(kRanOut);
    text.append(" (").append(alert::Name(message.cause)).append(")");
  }
  return text;
}

constexpr std::string_view kSeparator = " / ";

std::string PathText(std::string_view tree, const std::vector<std::string>& path) {
  std::string text = tree == "global" ? "all warehouses" : "";
  for (const std::string& name : path) {
    if (!text.empty()) text.append(kSeparator);
    text.append(name);
  }
  return text;
}

// What a Message or a DigestLine is about.
template <typename About>
std::string SubjectText(const About& of) {
  if (!of.sku.empty()) return of.warehouse_id + std::string(kSeparator) + of.sku;
  if (of.component) {
    return std::string(alert::Name(of.component->kind)) + std::string(kSeparator) +
           of.component->name;
  }
  return PathText(of.tree, of.path);
}

// "2d 4h", "3h 12m", "12m", "45s": the largest unit, with hours and minutes behind days and hours.
std::string LengthText(base::Duration length) {
  const std::int64_t seconds = std::max<std::int64_t>(length.micros(), 0) / 1'000'000;
  const auto text = [](std::int64_t large, char unit, std::int64_t small, char small_unit) {
    std::string result = std::to_string(large) + unit;
    if (small > 0) result.append(" ").append(std::to_string(small)).push_back(small_unit);
    return result;
  };
  if (seconds >= 86'400) return text(seconds / 86'400, 'd', seconds % 86'400 / 3600, 'h');
  if (seconds >= 3600) return text(seconds / 3600, 'h', seconds % 3600 / 60, 'm');
  if (seconds >= 60) return text(seconds / 60, 'm', 0, 's');
  return text(seconds, 's', 0, 's');
}

// "available 0 (threshold 0)"
template <typename About>
void AppendBeside(std::string& out, const About& of) {
  out.append(WordsOf(of.type, of.compare).figure).append(" ");
  AppendFigure(out, of.value);
  out.append(" (threshold ");
  AppendFigure(out, of.threshold);
  out.append(")");
}

// "available 4 ≤ 10"
template <typename About>
void AppendInequality(std::string& out, const About& of) {
  const Words words = WordsOf(of.type, of.compare);
  const bool does_hold = DoesHold(words.holds, of.value, of.threshold);
  // Something else ended it: a receipt on its way, a rule, a person.
  if (of.kind == NoticeKind::kResolved && does_hold) return AppendBeside(out, of);
  out.append(words.figure).append(" ");
  AppendFigure(out, of.value);
  out.append(" ").append(Comparator(words.holds, does_hold)).append(" ");
  AppendFigure(out, of.threshold);
}

// "available 4 ≤ 10 (rule default v1)", without a rule "available 0 (threshold 0)".
void AppendComparison(std::string& out, const Message& message) {
  if (message.rule_id.empty()) return AppendBeside(out, message);
  AppendInequality(out, message);
  out.append(" (rule ").append(message.rule_id);
  out.append(" v").append(std::to_string(message.rule_version)).append(")");
}

// "    CRITICAL  out_of_stock        opened              W1 / A   available 0 ≤ 0, 40 EUR at risk"
void AppendDigestLine(std::string& out, const outbox::DigestLine& line) {
  out.append("\n").append(kIndent);
  AppendCell(out, SeverityText(line.severity), kSeverityWidth);
  AppendCell(out, event::Name(line.type), kConditionWidth);
  AppendCell(out, HasRunOut(line) ? kRanOut : alert::Name(line.kind), kKindWidth);
  AppendCell(out, SubjectText(line), kSubjectWidth);
  AppendInequality(out, line);
  if (const auto& money = line.revenue_at_risk ? line.revenue_at_risk : line.price) {
    out.append(", ");
    base::AppendDecimal(out, money->ten_thousandths, base::Money::kFormat.decimals);
    if (!money->currency.text().empty()) out.append(" ").append(money->currency.text());
    out.append(line.revenue_at_risk ? " at risk" : " each");
  }
  if (line.notices > 1) out.append(", ").append(std::to_string(line.notices)).append(" notices");
}

// The critical ones, as far as a person reads on, and the top of the others.
void AppendDigestLines(std::string& out, const outbox::Digest& digest) {
  std::size_t critical = 0;
  std::size_t shown = 0;
  for (const outbox::DigestLine& line : digest.lines) {
    if (line.severity >= event::Severity::kCritical && critical++ >= kCriticalLines) continue;
    AppendDigestLine(out, line);
    ++shown;
  }
  if (shown == digest.subjects()) return;
  out.append("\n").append(kIndent).append("and ");
  out.append(std::to_string(digest.subjects() - shown)).append(" more: stockwatch deliveries list");
}

// "W1 / Apparel  low_stock 40, out_of_stock 12", and lines.
void AppendDigest(std::string& out, const outbox::Digest& digest) {
  if (digest.group) {
    AppendCell(out, PathText(stock::Name(digest.group->tree), digest.group->path), kSubjectWidth);
  }
  bool first = true;
  for (std::size_t type = 0; type < digest.by_type.size(); ++type) {
    if (digest.by_type[type] == 0) continue;
    if (!first) out.append(", ");
    first = false;
    out.append(event::kConditions[type].name).append(" ");
    out.append(std::to_string(digest.by_type[type]));
  }
  if (digest.resolved > 0) {
    out.append(", resolved ").append(std::to_string(digest.resolved)).append(" of them");
  }
  AppendDigestLines(out, digest);
}

void AppendResolution(std::string& out, const Message& message) {
  out.append("after ").append(LengthText(message.at - message.opened_at));
  // What has gone has no figure any more.
  if (message.cause == Cause::kRetired || message.cause == Cause::kEmpty) return;
  out.append(", ").append(WordsOf(message.type, message.compare).figure).append(" ");
  AppendFigure(out, message.value);
}

// ", runs out about 2026-01-12 09:30, buy 40"
void AppendOutlook(std::string& out, const outbox::Context& context) {
  constexpr std::size_t kMinuteBytes = 16;
  if (context.outlook && context.stock && context.stock->available > base::Quantity()) {
    out.append(", runs out about ");
    out.append(TimeText(context.outlook->stockout).substr(0, kMinuteBytes));
  }
  if (!context.suggestion) return;
  std::string action = context.suggestion->action;
  std::replace(action.begin(), action.end(), '_', ' ');
  out.append(", ").append(action);
  if (context.suggestion->quantity == base::Quantity()) return;
  out.append(" ");
  base::AppendQuantity(out, context.suggestion->quantity);
  if (context.suggestion->from_warehouse_id.empty()) return;
  out.append(" from ").append(context.suggestion->from_warehouse_id);
}

void AppendDetails(std::string& out, const Message& message) {
  switch (message.kind) {
    case NoticeKind::kOpened:
    case NoticeKind::kReopened:
    case NoticeKind::kReminder:
      AppendComparison(out, message);
      return AppendOutlook(out, message.context);
    case NoticeKind::kResolved:
      return AppendResolution(out, message);
    case NoticeKind::kFlapping:
      AppendComparison(out, message);
      out.append(", further notices are held back");
      return;
  }
}

}  // namespace

void AppendNoticeLine(std::string& out, const Message& message, Colour colour) {
  const bool resolved = message.kind == NoticeKind::kResolved;
  const bool coloured = colour == Colour::kAnsi;
  const auto severity_colour = kSeverityColours[static_cast<std::size_t>(message.severity)];
  out.append(TimeText(message.at)).append("  ");
  AppendCell(out, SeverityText(message.severity), kSeverityWidth,
             coloured && !resolved ? severity_colour : std::string_view());
  if (message.digest) {
    AppendCell(out, "digest", kConditionWidth);
    AppendCell(out, std::to_string(message.digest->keys.size()) + " notices", kKindWidth);
    return AppendDigest(out, *message.digest);
  }
  AppendCell(out, event::Name(message.type), kConditionWidth);
  AppendCell(out, KindText(message), kKindWidth,
             coloured && resolved ? kGreen : std::string_view());
  AppendCell(out, SubjectText(message), kSubjectWidth);
  AppendDetails(out, message);
}

}  // namespace stockwatch::console_notifier
