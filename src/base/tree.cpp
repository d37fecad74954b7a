#include "headgate/base/tree.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/assert.hpp"
#include "json_build.hpp"
#include "json_fault.hpp"
#include "spots.hpp"
#include "text_place.hpp"

namespace headgate {
namespace {

// Text we wrote nests what we read (at most 64 deep) in records of our own, and may hold whole replies.
constexpr TextLimits own_limits{std::size_t{256} << 20, std::size_t{256} << 20, std::size_t{256} << 20, 128};

TreePath path_inside(const Json& root, const Json& value) {
  std::optional<TreePath> path = path_to(root, value);
  HG_ASSERT(path.has_value());
  return std::move(*path);
}

}  // namespace

Tree::Tree(std::string name, Format format, std::string text, std::size_t first_line, Json root)
    : name_(std::move(name)),
      format_(format),
      text_(std::move(text)),
      first_line_(first_line),
      root_(std::make_unique<Json>(std::move(root))) {}

Tree::Tree(Tree&&) noexcept = default;
Tree& Tree::operator=(Tree&&) noexcept = default;
Tree::~Tree() = default;

Tree Tree::with_root(Json root) const { return Tree(name_, format_, text_, first_line_, std::move(root)); }

Place Tree::place(const Json& value, At at) const {
  const TreePath path = path_inside(*root_, value);
  const Spot spot = format_ == Format::json ? find_in_json(text_, path, at) : find_in_yaml(text_, path, at);
  return place_at(name_, text_, first_line_, spot.offset, spot.width);
}

std::string Tree::pointer(const Json& value) const { return pointer_text(path_inside(*root_, value)); }

Error Tree::error(const Json& value, std::string message, std::string hint, At at) const {
  return {ErrorCode::input, std::move(message), place(value, at), std::move(hint)};
}

Error Tree::error_inside(const Json& value, std::size_t offset, std::string message, std::string hint) const {
  const TreePath path = path_inside(*root_, value);
  const Spot spot =
      format_ == Format::json ? find_in_json(text_, path, At::value) : find_in_yaml(text_, path, At::value);
  const std::optional<std::size_t> inside = offset_in_string(text_, spot.offset, offset);
  Place place = place_at(name_, text_, first_line_, inside.value_or(spot.offset), inside ? 1 : spot.width);
  return {ErrorCode::input, std::move(message), std::move(place), std::move(hint)};
}

std::optional<Tree> parse_json(std::string name, std::string text, Complaints& complaints, std::size_t first_line,
                               const TextLimits& limits) {
  if (std::optional<Fault> fault = size_fault(text, limits)) {
    complaints.add(fault_error(name, text, first_line, std::move(*fault)));
    return std::nullopt;
  }
  Json root;
  if (!build_json(text, limits, root)) {
    std::optional<Fault> fault = find_json_fault(text, limits);
    // The two readers are held against each other by tests; should they ever differ, the stricter one wins.
    if (!fault) fault = Fault{0, 1, "not valid JSON", "check the text with another JSON tool"};
    complaints.add(fault_error(name, text, first_line, std::move(*fault)));
    return std::nullopt;
  }
  return Tree(std::move(name), Tree::Format::json, std::move(text), first_line, std::move(root));
}

Result<Json> parse_own(std::string_view text) {
  Json value;
  if (build_json(text, own_limits, value, BigIntegers::accept_canonical)) return value;
  const std::optional<Fault> fault = find_json_fault(text, own_limits);
  if (!fault) return failure(ErrorCode::untrusted, "not valid JSON");
  return failure(ErrorCode::untrusted,
                 "not valid JSON at byte " + std::to_string(fault->offset + 1) + ": " + fault->message);
}

}  // namespace headgate
