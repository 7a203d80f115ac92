#include "flow/settings_record.h"

#include "testing/record_checks.h"

namespace stockwatch::flow {
namespace {

using stockwatch::testing::FromHex;

StockSettings Some() {
  StockSettings settings;
  settings.history_keep = base::Duration::Micros(5);
  settings.warehouse.drift_grace = base::Duration::Micros(7);
  settings.warehouses["W"].authority = stock::Authority::kLedger;
  settings.warehouses["W"].drift_grace = base::Duration::Micros(7);
  return settings;
}

// Written by hand from docs/formats.md, Settings.
std::string SomeBytes() {
  return FromHex(
      "01 0500000000000000"                                  // version, history.keep
      "00 00 00 0000000000000000 0700000000000000 40000000"  // of every warehouse
      "01000000 01000000 57"                                 // one that is named: "W"
      "01 00 00 0000000000000000 0700000000000000 40000000");
}

TEST(SettingsRecord, HasTheDocumentedBytes) {
  std::string out;
  EncodeSettings(Some(), out);
  EXPECT_EQ(out, SomeBytes());
  const auto decoded = DecodeSettings(SomeBytes());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), Some());
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeSettings, SomeBytes());
}

TEST(SettingsRecord, AChangedSettingIsNamed) {
  EXPECT_TRUE(CheckSame(Some(), Some()).ok());
  StockSettings other = Some();
  other.warehouses["X"] = other.warehouse;
  EXPECT_TRUE(CheckSame(Some(), other).ok()) << "named, but as before";
  other.warehouses["X"].opens_at_zero = true;
  EXPECT_NE(CheckSame(Some(), other).error().message.find("stock.warehouses.X.opens_at_zero"),
            std::string::npos);
  other = Some();
  other.history_keep = base::Duration::Days(40);
  EXPECT_NE(CheckSame(Some(), other).error().message.find("history.keep"), std::string::npos);
  other = Some();
  other.warehouse.authority = stock::Authority::kLedger;
  EXPECT_EQ(CheckSame(Some(), other).error().code, base::Code::kFailedPrecondition);
}

}  // namespace
}  // namespace stockwatch::flow
