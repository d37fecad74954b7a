// Money: reserved before a call goes out, settled when it has come back. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace headgate::run {

// One budget over all lanes. Without a cap everything may be sent, and it only counts.
class Spend {
 public:
  // `before`: what earlier starts of the run spent.
  Spend(std::optional<double> max_usd, double before, std::size_t lanes);

  enum class May : std::uint8_t {
    send,
    wait,   // until a call that is out settles
    never,  // nothing that is out could make room
  };
  // `worst`: what the call may cost, where it has a bound. A lane whose cost has no bound, or none of whose calls has
  // settled yet, has one call out at a time while there is a cap; then its dearest call so far counts where that is
  // more than `worst`. A lane without a bound of which three calls did not say what they cost, and none ever did, sends
  // no more: nothing would keep the cap.
  May may_send(std::size_t lane, std::optional<double> worst) const;
  // The most that a call is expected to cost, as may_send() reckons; absent: nothing is known.
  std::optional<double> most(std::size_t lane, std::optional<double> worst) const;
  // What is set aside for it; hand it back to settle().
  double reserve(std::size_t lane, std::optional<double> worst);
  // `cost`: what it did cost. Absent: unknown, so all that was reserved is spent and the total is no longer known.
  // Nothing was billed: 0.
  void settle(std::size_t lane, double reserved, std::optional<double> cost);

  double spent() const { return spent_.value(); }
  bool is_known() const { return is_known_; }
  // Of one lane, since this was made.
  double spent(std::size_t lane) const { return lanes_.at(lane).spent.value(); }
  bool is_known(std::size_t lane) const { return lanes_.at(lane).blind == 0; }
  std::optional<double> cap() const { return cap_; }

 private:
  struct Sum {
    double whole = 0.0, lost = 0.0;
    void add(double what);
    double value() const { return whole + lost; }
  };
  struct Lane {
    std::size_t out = 0;
    std::size_t blind = 0;  // calls that settled without a cost
    bool has_settled = false;
    std::optional<double> dearest;  // of the calls that were paid for
    Sum spent;
  };
  // What is set aside for a call; absent: nothing is known.
  std::optional<double> need(const Lane& lane, std::optional<double> worst) const;

  std::optional<double> cap_;
  Sum spent_, reserved_;
  std::size_t out_ = 0;
  bool is_known_ = true;
  std::vector<Lane> lanes_;
};

}  // namespace headgate::run
