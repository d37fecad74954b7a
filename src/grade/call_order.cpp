#include "call_order.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace headgate::grade {
namespace {

constexpr std::pair<std::string_view, CallOrder> words[] = {{"any", CallOrder::any},
                                                            {"set", CallOrder::set},
                                                            {"subset", CallOrder::subset},
                                                            {"prefix", CallOrder::prefix},
                                                            {"exact", CallOrder::exact}};

constexpr std::size_t most_names = 12;

std::string names_of(std::span<const MadeCall* const> made) {
  if (made.empty()) return "no tool was called";
  std::string out = "the calls are ";
  for (std::size_t i = 0; i < made.size() && i < most_names; ++i) out += (i == 0 ? "" : ", ") + made[i]->name;
  if (made.size() > most_names) out += " and " + std::to_string(made.size() - most_names) + " more";
  return out;
}

// Which call fits which of those asked for, asked once each: what a misfit costs may be a schema.
class Fits {
 public:
  Fits(std::span<const CallSpec> asked, std::span<const MadeCall* const> made, const Case& item)
      : asked_(asked), made_(made), item_(item), known_(asked.size() * made.size(), unknown) {}

  Judged<bool> at(std::size_t wanted, std::size_t call) {
    signed char& known = known_[wanted * made_.size() + call];
    if (known == unknown) {
      auto misfit = asked_[wanted].misfit(*made_[call], item_);
      if (!misfit) return tl::unexpected(misfit.error());
      known = misfit->why.empty() ? 1 : 0;
    }
    return known == 1;
  }

  // What a person should hear of one that no call stands for: the nearest call's fault, where it is of that tool.
  Judged<std::string> missing(std::size_t wanted) const {
    std::string nearest;
    for (const MadeCall* call : made_) {
      auto misfit = asked_[wanted].misfit(*call, item_);
      if (!misfit) return tl::unexpected(misfit.error());
      if (nearest.empty() && misfit->is_close) nearest = std::move(misfit->why);
    }
    std::string out = asked_[wanted].text();
    if (!nearest.empty()) return out + " is not called as asked: " + nearest;
    return out + " is not called as often as asked; " + names_of(made_);
  }

  std::size_t asked() const { return asked_.size(); }
  std::size_t made() const { return made_.size(); }
  const CallSpec& spec(std::size_t wanted) const { return asked_[wanted]; }
  Judged<CallMisfit> misfit(std::size_t wanted, std::size_t call) const {
    return asked_[wanted].misfit(*made_[call], item_);
  }
  std::string names() const { return names_of(made_); }

 private:
  static constexpr signed char unknown = -1;
  std::span<const CallSpec> asked_;
  std::span<const MadeCall* const> made_;
  const Case& item_;
  std::vector<signed char> known_;
};

// A call may fit several of those asked for ("*" and "refund"), so each is given one by augmenting paths.
class Matching {
 public:
  explicit Matching(Fits& fits) : fits_(fits), holder_(fits.made(), free) {}

  Judged<std::string> fault() {
    for (std::size_t wanted = 0; wanted < fits_.asked(); ++wanted) {
      seen_.assign(fits_.made(), false);
      const auto placed = place(wanted);
      if (!placed) return tl::unexpected(placed.error());
      if (!*placed) return fits_.missing(wanted);
    }
    return std::string();
  }

 private:
  // As deep as there are calls asked for, of which there are few.
  Judged<bool> place(std::size_t wanted) {
    for (std::size_t call = 0; call < fits_.made(); ++call) {
      if (seen_[call]) continue;
      const auto fits = fits_.at(wanted, call);
      if (!fits) return fits;
      if (!*fits) continue;
      seen_[call] = true;
      if (holder_[call] != free) {
        const auto moved = place(holder_[call]);
        if (!moved) return moved;
        if (!*moved) continue;
      }
      holder_[call] = wanted;
      return true;
    }
    return false;
  }

  static constexpr std::size_t free = static_cast<std::size_t>(-1);
  Fits& fits_;
  std::vector<std::size_t> holder_;
  std::vector<bool> seen_;
};

// The earliest call that fits is as good as any later one: what comes after it has the most room.
Judged<std::string> subset_fault(Fits& fits) {
  std::size_t call = 0;
  for (std::size_t wanted = 0; wanted < fits.asked(); ++wanted) {
    while (true) {
      if (call == fits.made()) {
        auto why = fits.missing(wanted);
        if (!why || wanted == 0) return why;
        return *why + " (looked for behind " + fits.spec(wanted - 1).text() + ")";
      }
      const auto is_it = fits.at(wanted, call++);
      if (!is_it) return tl::unexpected(is_it.error());
      if (*is_it) break;
    }
  }
  return std::string();
}

Judged<std::string> prefix_fault(Fits& fits) {
  for (std::size_t i = 0; i < fits.asked(); ++i) {
    if (i == fits.made()) {
      return "after " + std::to_string(i) + " calls " + fits.spec(i).text() + " is missing; " + fits.names();
    }
    const auto misfit = fits.misfit(i, i);
    if (!misfit) return tl::unexpected(misfit.error());
    if (misfit->why.empty()) continue;
    return "call " + std::to_string(i + 1) + (misfit->is_close ? " of " + fits.spec(i).text() : "") + ": " +
           misfit->why;
  }
  return std::string();
}

}  // namespace

bool parse(std::string_view word, CallOrder& out) {
  const auto found =
      std::find_if(std::begin(words), std::end(words), [&](const auto& each) { return each.first == word; });
  if (found == std::end(words)) return false;
  out = found->second;
  return true;
}

std::vector<std::string> call_order_words() {
  std::vector<std::string> out;
  for (const auto& [word, order] : words) out.emplace_back(word);
  return out;
}

Judged<std::string> order_fault(CallOrder order, std::span<const CallSpec> asked, std::span<const MadeCall* const> made,
                                const Case& item) {
  Fits fits(asked, made, item);
  const bool is_all = order == CallOrder::set || order == CallOrder::exact;
  auto fault = order == CallOrder::any || order == CallOrder::set ? Matching(fits).fault()
               : order == CallOrder::subset                       ? subset_fault(fits)
                                                                  : prefix_fault(fits);
  if (!fault || !fault->empty() || !is_all || made.size() == asked.size()) return fault;
  return "there are " + std::to_string(made.size()) + " calls where " + std::to_string(asked.size()) +
         " are asked for; " + fits.names();
}

}  // namespace headgate::grade
