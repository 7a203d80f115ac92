#include "flow/delivery.h"

namespace stockwatch::flow {

void Delivery::Step() {
  while (!waiting_.empty()) {
    const base::Status sent = notifier_.Deliver(waiting_.front());
    if (!sent.ok() && sent.error().code == base::Code::kUnavailable) return;
    ++(sent.ok() ? counts_.delivered : counts_.refused);
    finished_.push_back(std::move(waiting_.front().key));
    waiting_.pop_front();
  }
}

}  // namespace stockwatch::flow
