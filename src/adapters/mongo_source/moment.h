#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/mongo_source/inbox.h"
#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/options.h"
#include "adapters/mongo_source/reply.h"

namespace stockwatch::mongo_source {

// `{_id: …}` of a document, or of a document's key; empty braces: it has none.
std::string IdOf(std::string_view document);

// A document as it was at the cluster time of a read: the change event of an insert, as a stream
// would show it, behind every change of that time. `nth` tells those of one read apart, `token` all
// reads.
Item ShownAt(const Options& options, std::string_view collection, std::string_view document,
             std::uint64_t read_time, std::size_t nth, std::string_view token);

// A read of which the server does not say when it was is of no use.
std::optional<Failure> WithoutMoment(const Batch& batch);

// Documents of a collection by their ids (IdOf), each as of one moment that is not before
// `not_before`; one that is not shown is gone. Several finds where one is too large. A server that
// is behind `not_before` counts as one that is away (kNetwork). REQUIRES: the link has a server
std::variant<std::vector<Item>, Failure> ReadNow(const Options& options, const Link& link,
                                                 std::string_view collection,
                                                 std::vector<std::string> ids,
                                                 std::uint64_t not_before);

// What it asks for.
std::string ByIdsCommand(std::string_view collection, const std::vector<std::string>& ids);

}  // namespace stockwatch::mongo_source
