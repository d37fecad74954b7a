#include "headgate/route/http.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/text.hpp"
#include "headgate/route/processes.hpp"
#include "http_lane.hpp"
#include "http_shard.hpp"
#include "http_transfer.hpp"
#include "inbox.hpp"
#include "poller.hpp"
#include "signals.hpp"

namespace headgate::route {
namespace {

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

class Http : public Transport {
 public:
  Http(std::vector<HttpSpec> specs, Deliver deliver, std::function<void(std::string)> note);
  ~Http() override;

  void send(std::vector<Call> calls) override;
  void stop(std::uint32_t grace_ms) override;

 private:
  void add_lane(HttpSpec&& spec);
  HttpOrigin& origin_of(const HttpSpec& spec, const HttpPlace& place);
  std::size_t trust_of(const std::string& ca_file);

  void run();
  void turn();
  void take(Call&& call);
  void start(Call&& call);
  HttpShard& shard_for(HttpOrigin& origin);
  void act();
  void collect();
  void finish(HttpTransfer& transfer, CURLcode code, Halt halt);
  void finish_halted();
  void look_for_first_bytes();
  template <class Do>
  void for_each_out(Do act);
  void release(HttpOrigin& origin, const Arrival& of_lead);
  void release_held();
  void stop_now();
  void refuse(const Call& call, const HttpFault& fault);
  void note(std::size_t lane, const std::string& text);
  void hand_over();
  std::optional<Instant> next() const;

  const Deliver deliver_;
  const std::function<void(std::string)> note_;
  std::vector<std::size_t> notes_;  // told, by lane

  // Of the thread alone, but for the inbox. In the order in which they need each other.
  Poller poller_;
  Inbox inbox_{poller_};
  HttpHouse house_{poller_};
  std::vector<std::string> trusts_;  // ca_file by trust; the first is that of the system alone
  std::deque<HttpOrigin> origins_;
  std::deque<HttpLane> lanes_;
  std::vector<std::unique_ptr<HttpShard>> shards_;
  std::vector<Arrival> arrivals_;
  std::optional<Instant> look_at_;  // for first bytes that are late
  bool is_stopped_ = false;
  bool finishes_ = false;

  std::thread thread_;
};

Http::Http(std::vector<HttpSpec> specs, Deliver deliver, std::function<void(std::string)> note)
    : deliver_(std::move(deliver)), note_(std::move(note)), notes_(specs.size()), trusts_{std::string()} {
  house_.addresses.reset(curl_share_init());
  if (!house_.addresses) throw std::bad_alloc();
  curl_share_setopt(house_.addresses.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  for (HttpSpec& spec : specs) add_lane(std::move(spec));
  thread_ = std::thread([this] { run(); });
}

Http::~Http() {
  inbox_.finish();
  thread_.join();
}

void Http::add_lane(HttpSpec&& spec) {
  if (Result<HttpPlace> place = place_of(spec.url)) {
    HttpOrigin& origin = origin_of(spec, *place);
    lanes_.emplace_back(std::move(spec), house_, origin, std::move(*place));
  } else {
    HttpFault fault{ErrorKind::connect, "not sent: " + place.error().message};
    lanes_.emplace_back(std::move(spec), house_, origin_of(spec, HttpPlace{}), std::move(fault));
  }
}

HttpOrigin& Http::origin_of(const HttpSpec& spec, const HttpPlace& place) {
  const std::size_t trust = place.is_tls ? trust_of(spec.ca_file) : 0;
  std::string key = (place.is_tls ? "https " : "http ") + std::to_string(trust) + " " + place.host_port;
  const auto found =
      std::find_if(origins_.begin(), origins_.end(), [&](const HttpOrigin& each) { return each.key == key; });
  if (found != origins_.end()) return *found;
  HttpOrigin& added = origins_.emplace_back();
  added.key = std::move(key);
  added.trust = trust;
  return added;
}

std::size_t Http::trust_of(const std::string& ca_file) {
  const auto found = std::find(trusts_.begin(), trusts_.end(), ca_file);
  const auto at = static_cast<std::size_t>(found - trusts_.begin());
  if (found == trusts_.end()) trusts_.push_back(ca_file);
  return at;
}

void Http::send(std::vector<Call> calls) {
  for (const Call& call : calls) HG_ASSERT(call.lane < notes_.size());
  inbox_.send(std::move(calls));
}

// There is nothing that a time of grace could be given to.
void Http::stop(std::uint32_t /*grace_ms*/) { inbox_.stop(Millis{0}); }

void Http::run() {
  block_signals();
  while (!finishes_) {
    turn();
    if (finishes_) break;
    inbox_.sleep(next());
    poller_.call_watchers();
  }
  for_each_out([](HttpTransfer& transfer) { transfer.shard()->remove(transfer); });
}

// What was read is handed over first; that may bring new calls, which then go out together.
void Http::turn() {
  collect();
  hand_over();
  Inbox::Left left = inbox_.take();
  for (Call& call : left.calls) take(std::move(call));
  if (left.stop) stop_now();
  finishes_ = left.finish;
  act();
  release_held();
  look_for_first_bytes();
  collect();
  hand_over();
}

void Http::take(Call&& call) {
  if (is_stopped_) return refuse(call, {ErrorKind::interrupted, "not sent: everything was stopped"});
  HttpLane& lane = lanes_[call.lane];
  if (const auto& fault = lane.open()) return refuse(call, *fault);
  HttpOrigin& origin = lane.origin();
  if (lane.place().has_name && !origin.has_address && origin.lead != nullptr) {
    origin.held.push_back(std::move(call));
  } else {
    start(std::move(call));
  }
}

void Http::start(Call&& call) {
  HttpLane& lane = lanes_[call.lane];
  HttpOrigin& origin = lane.origin();
  const Instant now = real_clock().now();
  try {
    HttpShard& shard = shard_for(origin);
    HttpTransfer& transfer = lane.take_transfer();
    transfer.begin(std::move(call), shard, now);
    if (!shard.add(transfer)) return finish(transfer, CURLE_FAILED_INIT, Halt::shortage);
    if (lane.place().has_name && !origin.has_address && origin.lead == nullptr) origin.lead = &transfer;
  } catch (const std::bad_alloc&) {
    return refuse(call, {ErrorKind::interrupted, "not sent: this machine is out of memory"});
  }
  if (const Millis limit = lane.spec().limits.first_byte; limit.count() > 0) {
    look_at_ = std::min(look_at_.value_or(now + limit), now + limit);
  }
}

HttpShard& Http::shard_for(HttpOrigin& origin) {
  while (!origin.warm.empty()) {
    HttpShard& last = *origin.warm.back();
    origin.warm.pop_back();
    if (!last.is_full()) return last;
  }
  for (const auto& shard : shards_) {
    if (shard->trust() == origin.trust && !shard->is_full()) return *shard;
  }
  shards_.push_back(std::make_unique<HttpShard>(house_.sockets, origin.trust));
  return *shards_.back();
}

void Http::act() {
  for (const auto& shard : shards_) shard->tick(real_clock().now());
}

void Http::collect() {
  for (const auto& shard : shards_) {
    while (const auto done = shard->next_done()) finish(*done->transfer, done->code, Halt::none);
  }
  if (std::exchange(house_.has_halted, false)) finish_halted();
}

template <class Do>
void Http::for_each_out(Do act) {
  for (HttpLane& lane : lanes_) {
    lane.for_each_transfer([&](HttpTransfer& transfer) {
      if (transfer.shard() != nullptr) act(transfer);
    });
  }
}

void Http::finish_halted() {
  std::vector<HttpTransfer*> halted;
  for_each_out([&](HttpTransfer& transfer) {
    if (transfer.halt() == Halt::shortage) halted.push_back(&transfer);
  });
  for (HttpTransfer* const each : halted) finish(*each, CURLE_OK, Halt::shortage);
}

void Http::finish(HttpTransfer& transfer, CURLcode code, Halt halt) {
  HttpLane& lane = transfer.lane();
  HttpOrigin& origin = lane.origin();
  HttpShard& shard = *transfer.shard();
  const std::size_t number = transfer.lane_number();
  shard.remove(transfer);
  arrivals_.push_back(transfer.end(code, halt, real_clock().now()));
  lane.give_back(transfer);
  const Arrival& arrival = arrivals_.back();
  if (arrival.error == ErrorKind::none) origin.warm.push_back(&shard);
  if (arrival.error == ErrorKind::interrupted && halt != Halt::stopped) note(number, arrival.message);
  if (origin.lead == &transfer) {
    origin.lead = nullptr;
    release(origin, Arrival(arrival));
  }
}

// The call that went ahead is over. Where it found no address, neither would the others; where it ended for another
// reason, the next goes ahead.
void Http::release(HttpOrigin& origin, const Arrival& of_lead) {
  if (origin.has_address) return;  // release_held
  const bool ends_all = is_stopped_ || of_lead.error == ErrorKind::dns;
  std::deque<Call> held = std::exchange(origin.held, {});
  for (Call& call : held) {
    if (ends_all) {
      refuse(call, {of_lead.error, of_lead.message});
    } else {
      take(std::move(call));
    }
  }
}

void Http::release_held() {
  bool has_started = false;
  for (HttpOrigin& origin : origins_) {
    if (!origin.has_address || origin.held.empty()) continue;
    for (Call& call : std::exchange(origin.held, {})) start(std::move(call));
    has_started = true;
  }
  if (has_started) act();
}

void Http::look_for_first_bytes() {
  const Instant now = real_clock().now();
  if (!look_at_ || now < *look_at_) return;
  look_at_.reset();
  std::vector<HttpTransfer*> late;
  for_each_out([&](HttpTransfer& transfer) {
    const Millis limit = transfer.lane().spec().limits.first_byte;
    if (limit.count() == 0 || transfer.has_begun()) return;
    const Instant due = transfer.first_byte_by().value_or(now + limit);
    if (due <= now) {
      late.push_back(&transfer);
    } else {
      look_at_ = std::min(look_at_.value_or(due), due);
    }
  });
  for (HttpTransfer* const each : late) finish(*each, CURLE_OK, Halt::first_byte_late);
}

void Http::stop_now() {
  is_stopped_ = true;
  collect();  // what is whole stays whole
  for_each_out([&](HttpTransfer& transfer) { finish(transfer, CURLE_OK, Halt::stopped); });
}

void Http::refuse(const Call& call, const HttpFault& fault) {
  Arrival arrival;
  arrival.ticket = call.ticket;
  arrival.error = fault.kind;
  arrival.message = fault.message;
  arrival.sends = 0;
  arrivals_.push_back(std::move(arrival));
}

void Http::note(std::size_t lane, const std::string& text) {
  if (!note_ || notes_[lane] >= max_notes) return;
  const std::string name = terminal_line(lanes_[lane].spec().name);
  note_(++notes_[lane] < max_notes ? name + ": " + text : name + ": no more notes of this route are shown");
}

void Http::hand_over() {
  if (!arrivals_.empty()) deliver_(std::exchange(arrivals_, {}));
}

std::optional<Instant> Http::next() const {
  std::optional<Instant> soonest = look_at_;
  for (const auto& shard : shards_) {
    if (const auto at = shard->next()) soonest = soonest ? std::min(*soonest, *at) : *at;
  }
  return soonest;
}

}  // namespace

std::unique_ptr<Transport> start_http(std::vector<HttpSpec> lanes, Deliver deliver,
                                      std::function<void(std::string)> note) {
  use_curl();
  raise_descriptor_limit();
  try {
    return std::make_unique<Http>(std::move(lanes), std::move(deliver), std::move(note));
  } catch (const std::bad_alloc&) {
    throw std::system_error(ENOMEM, std::system_category(), "cannot prepare calls by HTTP");
  }
}

}  // namespace headgate::route
