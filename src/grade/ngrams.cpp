#include "ngrams.hpp"

#include <algorithm>

namespace headgate::grade {
namespace {

std::size_t ngrams_in(std::size_t length, std::size_t order) { return length >= order ? length - order + 1 : 0; }

}  // namespace

Overlap& Overlap::operator+=(const Overlap& more) {
  matched += more.matched;
  reply += more.reply;
  reference += more.reference;
  return *this;
}

void Ngrams::add(Symbols reference) {
  constexpr std::size_t most_reserved = std::size_t{1} << 14;  // more is worth growing into
  edges_.reserve(std::min(nodes_.size() + reference.size() * orders_, most_reserved));
  for (std::size_t start = 0; start < reference.size(); ++start) {
    std::uint32_t node = 0;
    const std::size_t end = std::min(reference.size(), start + orders_);
    for (std::size_t at = start; at < end; ++at) {
      const auto fresh = static_cast<std::uint32_t>(nodes_.size());
      node = edges_.find_or_add(edge(node, reference[at]), fresh);
      if (node == fresh) nodes_.emplace_back();
      ++nodes_[node].now;
    }
  }
  for (Node& node : nodes_) {
    node.most = std::max(node.most, node.now);
    node.now = 0;
  }
  last_length_ = reference.size();
}

std::vector<Overlap> Ngrams::match(Symbols reply) {
  std::vector<Overlap> out(orders_);
  for (std::size_t order = 1; order <= orders_; ++order) {
    out[order - 1].reply = ngrams_in(reply.size(), order);
    out[order - 1].reference = ngrams_in(last_length_, order);
  }
  for (std::size_t start = 0; start < reply.size(); ++start) {
    std::uint32_t node = 0;
    const std::size_t end = std::min(reply.size(), start + orders_);
    for (std::size_t at = start; at < end && reply[at] != unknown_symbol; ++at) {
      node = edges_.find(edge(node, reply[at]));
      if (node == unknown_symbol) break;  // nor is any longer one there
      if (nodes_[node].now < nodes_[node].most) {
        ++nodes_[node].now;
        ++out[at - start].matched;
      }
    }
  }
  for (Node& node : nodes_) node.now = 0;
  return out;
}

}  // namespace headgate::grade
