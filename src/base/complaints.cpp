#include "headgate/base/complaints.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace headgate {
namespace {

auto place_key(const Error& e) { return std::tie(e.place.file, e.place.line, e.place.column); }

bool same(const Error& a, const Error& b) {
  return place_key(a) == place_key(b) && a.code == b.code && a.message == b.message;
}

}  // namespace

void Complaints::add(Error error) {
  ++total_;
  std::size_t& kept = kept_[error.place.file];
  if (kept == max_kept_per_file) return;
  ++kept;
  errors_.push_back(std::move(error));
}

bool Complaints::keeps_more_of(const std::string& file) const {
  const auto kept = kept_.find(file);
  return kept == kept_.end() || kept->second < max_kept_per_file;
}

void Complaints::append(Complaints&& other) {
  const std::size_t not_kept = other.total_ - other.errors_.size();
  for (Error& error : other.errors_) add(std::move(error));
  total_ += not_kept;
  other = Complaints();
}

void Complaints::sort() {
  std::stable_sort(errors_.begin(), errors_.end(),
                   [](const Error& a, const Error& b) { return place_key(a) < place_key(b); });
  // Equal errors of one place need not stand side by side: another message may lie between them.
  std::vector<Error> once;
  for (Error& error : errors_) {
    bool seen = false;
    for (auto known = once.rbegin(); known != once.rend() && !seen; ++known) {
      if (place_key(*known) != place_key(error)) break;
      seen = same(*known, error);
    }
    if (seen) {
      --total_;
      --kept_[error.place.file];
    } else {
      once.push_back(std::move(error));
    }
  }
  errors_ = std::move(once);
}

}  // namespace headgate
