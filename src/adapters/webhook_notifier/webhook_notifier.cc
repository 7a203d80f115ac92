#include "adapters/webhook_notifier/webhook_notifier.h"

#include <chrono>

#include "adapters/webhook_notifier/notice_json.h"
#include "base/base64.h"
#include "base/hmac.h"
#include "base/utf8.h"
#include "domain/outbox/retry_schedule.h"
#include "net/http_client.h"

namespace stockwatch::webhook_notifier {
namespace {

using outbox::Outcome;

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::size_t kKeyBytesMin = 24;  // by the specification of Standard Webhooks
constexpr std::size_t kKeyBytesMax = 64;
constexpr std::uint64_t kAnswerBytesMax = 16 * 1024;

base::Instant Now() {
  return base::Instant::Micros(std::chrono::duration_cast<std::chrono::microseconds>(
                                   std::chrono::system_clock::now().time_since_epoch())
                                   .count());
}

Outcome OutcomeOf(int status) {
  constexpr int kGone = 410;
  if (status >= 200 && status < 300) return Outcome::kDelivered;
  return status == kGone ? Outcome::kGone : Outcome::kFailed;
}

// The first bytes of an answer, as far as they are text.
std::string Shown(std::string_view body) {
  std::string text(body.substr(0, outbox::kDetailBytesMax));
  // A character may have been cut in two.
  for (int i = 0; i < 3 && !base::IsUtf8(text) && !text.empty(); ++i) text.pop_back();
  return base::IsUtf8(text) ? text : std::to_string(body.size()) + " bytes that are no text";
}

ports::Sent NotSent(const base::Error& error) {
  ports::Sent sent;
  // What cannot be asked for by settings that change nothing; anybody else may be back later.
  sent.outcome = error.code == base::Code::kInvalidArgument ? Outcome::kRefused : Outcome::kUnknown;
  // Nothing has left this host.
  if (error.code == base::Code::kFailedPrecondition) sent.outcome = Outcome::kFailed;
  sent.detail = error.message;
  return sent;
}

}  // namespace

base::Result<std::string> KeyOf(std::string_view secret) {
  const base::Error error{base::Code::kInvalidArgument,
                          "is no secret of a webhook: whsec_ and 24 to 64 bytes in Base64"};
  if (!secret.starts_with(kSecretPrefix)) return error;
  auto key = base::FromBase64(secret.substr(kSecretPrefix.size()));
  if (!key || key->size() < kKeyBytesMin || key->size() > kKeyBytesMax) return error;
  return *std::move(key);
}

std::string Signature(const std::vector<std::string>& keys, std::string_view id,
                      std::int64_t timestamp, std::string_view body) {
  std::string text(id);
  text.append(".").append(std::to_string(timestamp)).append(".").append(body);
  std::string signature;
  for (const std::string& key : keys) {
    const base::Sha256Bytes hash = base::HmacSha256(key, text);
    if (!signature.empty()) signature += ' ';
    signature += "v1," + base::Base64(std::string_view(reinterpret_cast<const char*>(hash.data()),
                                                       hash.size()));
  }
  return signature;
}

ports::Sent WebhookNotifier::Send(const outbox::Row& row) {
  return Post(row.key, NoticeJson(row, options_.links_url ? options_.links_url() : ""));
}

ports::Sent WebhookNotifier::SendTest(const std::string& key) {
  return Post(key, TestJson(key, Now()));
}

ports::Sent WebhookNotifier::Post(const std::string& key, const std::string& body) {
  const std::int64_t timestamp = Now().micros() / 1'000'000;
  net::HttpRequest request;
  request.method = "POST";
  request.url = options_.url;
  request.body = body;
  request.content_type = "application/json";
  request.headers = {{"webhook-id", key},
                     {"webhook-timestamp", std::to_string(timestamp)},
                     {"webhook-signature", Signature(options_.keys, key, timestamp, body)},
                     {"User-Agent", "stockwatch"}};
  request.ca_file = options_.ca_file;
  request.timeout = options_.timeout;
  request.response_bytes_max = kAnswerBytesMax;
  request.cut_body = true;
  request.addresses = options_.allow_private ? net::Addresses::kAny : net::Addresses::kPublic;
  const auto answer = net::Send(request);
  if (!answer.ok()) return NotSent(answer.error());
  ports::Sent sent;
  sent.status = static_cast<std::uint16_t>(answer.value().status);
  sent.outcome = OutcomeOf(answer.value().status);
  sent.detail = Shown(answer.value().body);
  if (sent.outcome == Outcome::kFailed) {
    sent.retry_after = outbox::ParseRetryAfter(answer.value().retry_after, Now());
  }
  return sent;
}

}  // namespace stockwatch::webhook_notifier
