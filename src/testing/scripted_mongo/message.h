#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

// Messages of the wire protocol, in the two forms that a client of today sends: OP_MSG, and
// OP_QUERY for the first hello.
// https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
namespace stockwatch::scripted_mongo {

inline constexpr std::size_t kMessageHeaderBytes = 16;

struct Message {
  std::int32_t id = 0;
  bool query = false;     // OP_QUERY: it is answered with OP_REPLY
  bool no_reply = false;  // its sender waits for none
  std::string body;       // BSON; of an OP_MSG its section of kind 0
};

// The length that the first four bytes tell. Errors: kInvalidArgument where no message has it.
base::Result<std::size_t> MessageSize(std::string_view header);

// REQUIRES: `bytes` are as long as MessageSize says. Errors: kInvalidArgument for other messages.
base::Result<Message> ReadMessage(std::string_view bytes);

// The answer to it, with `body` as it is.
std::string AnswerBytes(const Message& to, std::string_view body);

}  // namespace stockwatch::scripted_mongo
