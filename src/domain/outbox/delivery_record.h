#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/outbox/delivery.h"

namespace stockwatch::outbox {

// Appends the record to `out`; docs/formats.md, Delivery.
void EncodeDelivery(const Delivery& delivery, std::string& out);
// Of an outbox row alone too: nobody tried to deliver it yet. kDataLoss for damaged bytes,
// kFailedPrecondition for a newer version.
base::Result<Delivery> DecodeDelivery(std::string_view record);

}  // namespace stockwatch::outbox
