#pragma once

#include <cstdint>
#include <string>

namespace stock_rmw_1 {

// The opening document of item k in BSON.
std::string InventoryDocument(std::uint64_t item);

}  // namespace stock_rmw_1
