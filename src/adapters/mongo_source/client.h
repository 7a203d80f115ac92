#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/mongo_source/handles.h"
#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/options.h"
#include "base/result.h"

namespace stockwatch::mongo_source {

// A client of libmongoc: addresses, topology, TLS, authentication and sessions are its matter. Each
// call lasts as long as the driver lets a server take, and so does the end. One thread at a time.
class Client {
 public:
  // Does not connect, nor looks up what mongodb+srv names. Errors as Connection::Open.
  static base::Result<std::unique_ptr<Client>> Open(const Options& options);

  // `timeout`: of each answer behind it. With another one than before it connects anew: the driver
  // takes it once.
  std::variant<Server, Failure> Select(base::Duration timeout);
  Answer Send(std::string_view command);
  const std::string& hosts() const { return hosts_; }
  base::Duration timeout() const { return timeout_; }

 private:
  Client(Options options, UriHandle uri);
  base::Status Begin();

  Options options_;
  UriHandle uri_;
  std::string hosts_;
  base::Duration timeout_;  // of an answer
  ClientHandle client_;     // nullptr: it is made anew
  SessionHandle session_;
  std::uint32_t server_ = 0;
};

}  // namespace stockwatch::mongo_source
