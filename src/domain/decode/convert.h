#pragma once

#include "base/result.h"
#include "domain/decode/hook.h"
#include "domain/event/raw_document.h"

namespace stockwatch::decode {

// The value as another type, unnamed; its text lives as long as `value`'s and `keeper`. Exact or
// kInvalidArgument, which ends with the value: a number of a string that is none, an integer
// of 1.5, a date finer than milliseconds.
//   number             strings; numbers stay
//   integer            whole numbers and strings of them
//   string             numbers in plain notation, true and false, dates in ISO 8601, object ids in
//   hex date               ISO 8601 with offset, or whole milliseconds since the epoch
//   date_from_seconds  seconds since the epoch, up to 3 decimals; strings too
//   bool               0, 1, "true", "false"
base::Result<event::RawValue> Convert(const event::RawValue& value, Conversion to,
                                      event::RawDocument& keeper);

}  // namespace stockwatch::decode
