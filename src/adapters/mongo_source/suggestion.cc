#include <algorithm>
#include <array>
#include <map>

#include "adapters/mongo_source/checkup.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

// What others call our fields, in lower case and without anything but letters and digits.
struct OtherName {
  std::string_view field;
  std::string_view name;
};
constexpr std::array<OtherName, 33> kOtherNames{{
    {"warehouse_id", "warehouse"},
    {"warehouse_id", "warehousecode"},
    {"warehouse_id", "location"},
    {"warehouse_id", "locationid"},
    {"warehouse_id", "store"},
    {"warehouse_id", "storeid"},
    {"warehouse_id", "site"},
    {"sku", "skuid"},
    {"sku", "skucode"},
    {"sku", "itemcode"},
    {"sku", "stockcode"},
    {"sku", "article"},
    {"sku", "articlenumber"},
    {"on_hand", "qty"},
    {"on_hand", "quantity"},
    {"on_hand", "stock"},
    {"on_hand", "onhandqty"},
    {"on_hand", "qtyonhand"},
    {"on_hand", "stocklevel"},
    {"reserved", "allocated"},
    {"reserved", "committed"},
    {"inbound", "onorder"},
    {"inbound", "incoming"},
    {"product_id", "product"},
    {"product_id", "styleid"},
    {"name", "title"},
    {"name", "description"},
    {"price", "unitprice"},
    {"price", "saleprice"},
    {"cost", "unitcost"},
    {"updated_at", "modifiedat"},
    {"updated_at", "lastupdated"},
    {"expected_at", "eta"},
}};
constexpr int kDepthMax = 4;

std::string Plain(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter) plain += c;
    if (c >= 'A' && c <= 'Z') plain += static_cast<char>(c - 'A' + 'a');
  }
  return plain;
}

// In how many documents each path to a scalar is. Names that are no part of a path are passed over.
void CountPaths(std::string_view document, const std::string& prefix, int depth,
                std::map<std::string, std::size_t>& counts) {
  bson::Elements elements(document);
  for (bson::Element element; elements.Next(element);) {
    if (element.name.empty() || element.name.find('.') != std::string_view::npos) continue;
    const std::string path = prefix + std::string(element.name);
    if (const auto below = element.Document()) {
      if (bson::Find(*below, "amount")) ++counts[path];  // an amount of money
      if (depth < kDepthMax) CountPaths(*below, path + ".", depth + 1, counts);
    } else if (!element.Array()) {
      ++counts[path];
    }
  }
}

bool Fits(std::string_view field, std::string_view path) {
  const std::size_t dot = path.rfind('.');
  const std::string last = Plain(dot == std::string_view::npos ? path : path.substr(dot + 1));
  const std::string whole = Plain(path);
  const auto is = [&](std::string_view name) { return last == name || whole == name; };
  return is(Plain(field)) ||
         std::any_of(kOtherNames.begin(), kOtherNames.end(), [&](const OtherName& other) {
           return other.field == field && is(other.name);
         });
}

bool MustBe(std::string_view field) {
  return field == "warehouse_id" || field == "sku" || field == "on_hand";
}

}  // namespace

Suggestion SuggestMapping(std::span<const std::string_view> documents,
                          std::span<const std::string_view> names) {
  Suggestion suggestion;
  suggestion.finding.check = "mapping";
  if (documents.empty()) {
    suggestion.finding.grade = Grade::kDoubtful;
    suggestion.finding.says = "there is no document of the inventory to look at";
    return suggestion;
  }
  std::map<std::string, std::size_t> counts;
  for (const std::string_view document : documents) CountPaths(document, {}, 1, counts);
  std::string missing;
  for (const std::string_view field : names) {
    if (counts.contains(std::string(field))) continue;
    const std::pair<const std::string, std::size_t>* best = nullptr;
    for (const auto& path : counts) {
      const bool better =
          Fits(field, path.first) && (best == nullptr || path.second > best->second);
      if (better) best = &path;
    }
    if (best != nullptr) {
      suggestion.yaml += "      " + std::string(field) + ": \"" + best->first + "\"  # in " +
                         std::to_string(best->second) + " of " + std::to_string(documents.size()) +
                         " documents\n";
    } else if (MustBe(field)) {
      missing += (missing.empty() ? "" : ", ") + std::string(field);
    }
  }
  if (!suggestion.yaml.empty()) {
    suggestion.yaml = "documents:\n  inventory:\n    fields:\n" + suggestion.yaml;
  }
  if (!missing.empty()) {
    suggestion.finding = {Grade::kBad, "mapping", "no field of the documents looks like " + missing,
                          "name it in documents.inventory.fields, or set warehouse.id"};
  } else {
    suggestion.finding.says = suggestion.yaml.empty()
                                  ? "the documents have our names"
                                  : "the documents have other names; read, then "
                                    "use:";
  }
  return suggestion;
}

}  // namespace stockwatch::mongo_source
