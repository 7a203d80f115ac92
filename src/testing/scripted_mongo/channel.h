#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace stockwatch::scripted_mongo {

// What the servers of a test show as TLS: a key and a certificate of 127.0.0.1 that signed itself,
// made anew in a file. Clients trust it by tlsCAFile.
class Tls {
 public:
  // Writes both as PEM to a file of its own, which goes with it.
  Tls();
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  const std::string& path() const { return path_; }

 private:
  friend class Channel;
  struct Context;
  std::string path_;
  std::unique_ptr<Context> context_;
};

// The bytes of one accepted connection, through TLS or as they are. One thread at a time.
class Channel {
 public:
  // `end`: becomes readable when everything ends. Both descriptors stay the caller's. `tls`
  // (nullptr: none) must outlive it.
  Channel(int socket, int end, const Tls* tls);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // False where a client that should speak TLS does not. Before the first read or write.
  bool Greet();
  // Exactly so many bytes; false at the end of the connection or of everything.
  bool Read(std::string& bytes, std::size_t size);
  bool Write(std::string_view bytes);

 private:
  struct Session;

  bool WaitReadable() const;

  int socket_;
  int end_;
  std::unique_ptr<Session> session_;  // nullptr: no TLS
};

}  // namespace stockwatch::scripted_mongo
