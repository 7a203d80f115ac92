#pragma once

#include <string>

#include "app/records_file.h"
#include "base/result.h"

namespace stockwatch::app {

// Makes a store in `folder`, which is new or empty, of a records file ("-": standard input). A
// failure leaves the folder as it was, and a process that is ended meanwhile leaves one that is no
// store. kFailedPrecondition: there is something in the folder, or it cannot be made; else as
// ReadRecords and the store.
base::Result<Imported> ImportRecords(const std::string& path, const std::string& folder);

}  // namespace stockwatch::app
