#include "domain/alert/subject_names.h"

namespace stockwatch::alert {

threshold::Subject NamesOf(Subject subject, const stock::Ledger& ledger,
                           const stock::RollUps& rollups, const key::ItemDirectory& directory,
                           const key::NamePool& names) {
  threshold::Subject known;
  if (subject.kind == Subject::Kind::kComponent) return known;  // it has no place in the hierarchy
  const bool is_item = subject.kind == Subject::Kind::kItem;
  const stock::NodeIndex node = is_item ? ledger.at(subject.index).group : subject.index;
  known.department = names.Text(rollups.Department(node));
  known.category = names.Text(rollups.Category(node));
  if (!is_item) {
    if (rollups.at(node).tree == stock::Tree::kWarehouse) {
      known.warehouse = names.Text(rollups.Warehouse(node));
    }
    return known;
  }
  const event::ItemKey key = directory.Key(subject.index);
  known.warehouse = key.warehouse.text();
  known.brand = names.Text(rollups.Brand(node));
  known.product = names.Text(ledger.at(subject.index).product);
  known.sku = key.sku.text();
  return known;
}

}  // namespace stockwatch::alert
