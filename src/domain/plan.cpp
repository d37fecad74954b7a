#include "headgate/domain/plan.hpp"

#include <algorithm>

#include "headgate/base/assert.hpp"
#include "headgate/domain/plan_hasher.hpp"

namespace headgate {

CellRef cell_ref(CellIndex cell, std::uint32_t trials) {
  const std::uint32_t pair = cell / 2;
  return {pair / trials, pair % trials, (cell & 1U) != 0 ? Arm::candidate : Arm::baseline};
}

CellIndex cell_index(const CellRef& ref, std::uint32_t trials) {
  return (ref.item * trials + ref.trial) * 2 + static_cast<std::uint32_t>(ref.arm);
}

Digest plan_digest(const Plan& plan) {
  HG_ASSERT(plan.cases.size() == plan.case_suite.size());
  PlanHasher hasher(plan.head, plan.cases.size());
  for (std::size_t i = 0; i < plan.cases.size(); ++i) hasher.add_case(plan.case_suite[i], plan.cases[i].digest);
  hasher.begin_order(plan.order.size());
  for (const CellIndex cell : plan.order) hasher.add_cell(cell);
  return hasher.finish();
}

std::string CallId::hex() const {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

bool CallId::parse(std::string_view hex, CallId& out) {
  if (hex.size() != out.bytes.size() * 2) return false;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  for (std::size_t i = 0; i < out.bytes.size(); ++i) {
    const int high = digit(hex[2 * i]);
    const int low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

namespace {

CallId id_of(const Digest& digest) {
  CallId id;
  std::copy_n(digest.bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

}  // namespace

CallId call_id(const Digest& case_digest, const Digest& route_digest, Arm arm, std::uint32_t trial) {
  Hasher hasher;
  hasher.field("headgate/call/1").field(case_digest).field(route_digest).field(name(arm)).field(trial);
  return id_of(hasher.finish());
}

CallId ask_id(const CallId& call, const Digest& reply, const Digest& target, const GraderSpec& grader,
              std::string_view key) {
  Hasher hasher;
  hasher.field("headgate/ask/1").field(call.hex()).field(reply).field(target);
  hasher.field(grader.written_kind()).field(grader.options.text).field(key);
  return id_of(hasher.finish());
}

}  // namespace headgate
