#pragma once

#include "domain/alert/episode.h"
#include "domain/key/item_directory.h"
#include "domain/key/name_pool.h"
#include "domain/stock/ledger.h"
#include "domain/stock/rollups.h"
#include "domain/threshold/rule_book.h"

namespace stockwatch::alert {

// An alert's subject as rules and silences match it. Views into names and directory.
threshold::Subject NamesOf(Subject subject, const stock::Ledger& ledger,
                           const stock::RollUps& rollups, const key::ItemDirectory& directory,
                           const key::NamePool& names);

}  // namespace stockwatch::alert
