#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "testing/document_builder.h"

// What a scripted server says: replies as a real server of MongoDB encodes them, and what a broken
// one does instead.
namespace stockwatch::scripted_mongo {

using testing::Fields;
using testing::Value;

std::string Bson(const Fields& fields);

struct Answer {
  enum class Manner : std::uint8_t {
    kWhole,
    kHalf,     // half of the packet, then the connection is closed
    kSilence,  // nothing; the connection stays open
    kClose,    // nothing; the connection is closed
    kGarbage,  // bytes that are no message
  };

  std::string body;  // BSON, or bytes that only claim to be
  Manner manner = Manner::kWhole;
  std::chrono::milliseconds delay{0};  // before it
};

inline Answer After(std::chrono::milliseconds delay, Answer answer) {
  answer.delay = delay;
  return answer;
}

// {ok: 1} and more.
Answer Ok(Fields more = {});
// {ok: 0, code, codeName, errmsg, errorLabels}; no field for no labels.
Answer Failure(int code, std::string message, std::vector<std::string> labels = {});
inline Answer Broken(Answer::Manner manner) {
  return {.body = Bson({{"ok", 1.0}}), .manner = manner, .delay = {}};
}

// When something happened, by the server's clock of two parts.
struct ClusterTime {
  std::uint32_t seconds = 0;
  std::uint32_t increment = 0;
};

Value TimestampOf(ClusterTime at);

// A resume token of a real server's layout: {_data: "82" seconds, increment, and what nobody may
// read}. Equal arguments, equal tokens; `number` tells events of one cluster time apart.
Fields TokenOf(ClusterTime at, std::uint32_t number = 0);

// {_id: token, operationType, clusterTime, wallTime, ns, documentKey, fullDocument} of database
// "shop". A `document` has its _id; of a delete it is the key alone.
Fields EventOf(std::string_view operation, std::string_view collection, ClusterTime at,
               const Fields& document, std::uint32_t number = 0);
// A drop, rename, dropDatabase or invalidate: no document. `more` stands at its end ("to" of a
// rename).
Fields ControlOf(std::string_view operation, std::string_view collection, ClusterTime at,
                 Fields more = {});

// The reply of aggregate (first) or getMore (next) to a change stream.
struct Batch {
  std::int64_t cursor = 7001;  // 0: the server has closed it
  std::vector<Fields> events = {};
  Fields token = {};  // postBatchResumeToken; empty: none, as a 4.0 server
  ClusterTime operation_time = {};
};
Answer FirstBatch(const Batch& batch);
Answer NextBatch(const Batch& batch);

}  // namespace stockwatch::scripted_mongo
