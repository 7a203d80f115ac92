#include "adapters/console_notifier/patient_output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <ostream>
#include <string>
#include <thread>

#include "testing/patience.h"

namespace stockwatch::console_notifier {
namespace {

using std::chrono::milliseconds;

class PatientOutputTest : public ::testing::Test {
 public:
  PatientOutputTest() { EXPECT_EQ(pipe2(ends_, O_CLOEXEC), 0); }
  ~PatientOutputTest() override {
    for (const int end : ends_) close(end);
  }
  // More than any pipe holds.
  static std::string Long() { return std::string(std::size_t{4} << 20, 'x'); }
  // Fewer where they don't come.
  std::string Read(std::size_t size) const {
    std::string text(size, ' ');
    pollfd ready{.fd = ends_[0], .events = POLLIN, .revents = 0};
    for (std::size_t read_bytes = 0; read_bytes < size;) {
      if (poll(&ready, 1, milliseconds(testing::kPatience).count()) != 1) break;
      const ssize_t got = read(ends_[0], text.data() + read_bytes, size - read_bytes);
      if (got <= 0) break;
      read_bytes += static_cast<std::size_t>(got);
    }
    return text;
  }

 protected:
  int ends_[2] = {};
};

TEST_F(PatientOutputTest, WaitsForAReaderThatIsSlow) {
  PatientOutput output(ends_[1]);
  std::ostream out(&output);
  std::string got;
  std::jthread reader([&] { got = Read(Long().size() + 2); });
  out << Long() << 'y' << '\n' << std::flush;
  EXPECT_TRUE(out.good());
  reader.join();
  EXPECT_EQ(got, Long() + "y\n");
}

TEST_F(PatientOutputTest, AReaderThatHasStoppedKeepsNobodyFromEnding) {
  PatientOutput output(ends_[1]);
  std::ostream out(&output);
  std::jthread stop([&] { output.Stop(); });
  out << Long() << std::flush;  // it waits until then
  EXPECT_FALSE(out.good());
}

TEST_F(PatientOutputTest, WhatIsTakenAtOnceIsWrittenAfterTheStopToo) {
  PatientOutput output(ends_[1]);
  output.Stop();
  std::ostream out(&output);
  out << "bye\n" << std::flush;
  EXPECT_TRUE(out.good());
  EXPECT_EQ(Read(4), "bye\n");
}

}  // namespace
}  // namespace stockwatch::console_notifier
