// The kinds of routes, and which keys of the one table belong to which.
#pragma once

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"

namespace headgate::config {

enum class RouteKind { unknown, replay, process, openai, anthropic, generic_http };

bool is_http(RouteKind kind);

// unknown: the table says so.
RouteKind kind_of(const Tree& tree);

// What a route was probably meant to be whose kind is missing or misspelt, by the word and by what else stands there.
RouteKind likely_kind(const Tree& tree);
// The same tree with that kind.
Tree with_kind(const Tree& tree, RouteKind kind);

// The tree without the keys that are another kind's; each is a complaint that says where it belongs.
Tree without_stray_keys(Tree tree, RouteKind kind, Complaints& complaints);

}  // namespace headgate::config
