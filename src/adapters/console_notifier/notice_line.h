#pragma once

#include <string>

#include "domain/outbox/outbox_row.h"

namespace stockwatch::console_notifier {

enum class Colour { kNone, kAnsi };

// Appends the message as one line for people, without a line break: time (UTC, whole seconds),
// severity, condition, what became of it, subject, and a comparison such as
// "available 2 ≤ 3 (rule default v1)" or "after 3h 12m, available 25". Columns are aligned where
// names are no longer than usual.
void AppendNoticeLine(std::string& out, const outbox::Message& message, Colour colour);

}  // namespace stockwatch::console_notifier
