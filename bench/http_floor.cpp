// What a call by HTTP costs at least: a bare loop over one libcurl multi handle, without anything of headgate's; and
// the same requests through headgate's HTTP transport. Prints one JSON object.
//
//   http_floor URL [--calls N] [--in-flight C] [--body-bytes B | --body FILE] [--warm N] [--transport]
//
// Each body is the same JSON chat request but for a number, so that a server can tell them apart; a FILE is sent as it
// stands. The first `warm` calls are not counted. Exit status 1 where a reply is no 200.
#include <curl/curl.h>
#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "headgate/route/http.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::string url;
  std::uint64_t calls = 50'000, warm = 2'000;
  std::size_t in_flight = 64, body_bytes = 500;
  std::string body;  // instead of a generated one
  bool transport = false;
};

[[noreturn]] void stop(const std::string& why) {
  std::cerr << "http_floor: " << why << '\n';
  std::exit(1);
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long peak_kib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

class Bodies {
 public:
  explicit Bodies(const Options& options) : fixed_(options.body) {
    const std::string frame = R"({"model":"m","temperature":0,"messages":[{"role":"user","content":""}]})";
    filler_.assign(options.body_bytes > frame.size() + 20 ? options.body_bytes - frame.size() - 20 : 0, 'x');
  }
  std::string next() {
    if (!fixed_.empty()) return fixed_;
    return R"({"model":"m","temperature":0,"messages":[{"role":"user","content":")" + filler_ + ' ' +
           std::to_string(++last_) + R"("}]})";
  }

 private:
  std::string fixed_, filler_;
  std::uint64_t last_ = 0;
};

// One easy handle and what it needs for a call.
struct Exchange {
  std::unique_ptr<CURL, void (*)(CURL*)> easy{curl_easy_init(), curl_easy_cleanup};
  std::string request, reply;
};

std::size_t append(char* data, std::size_t size, std::size_t count, void* reply) {
  static_cast<std::string*>(reply)->append(data, size * count);
  return size * count;
}

class BareLoop {
 public:
  explicit BareLoop(const Options& options) : bodies_(options) {
    headers_ = curl_slist_append(curl_slist_append(nullptr, "Content-Type: application/json"), "Expect:");
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options.in_flight));
    for (std::size_t i = 0; i < options.in_flight; ++i) {
      Exchange& one = exchanges_.emplace_back();
      CURL* const easy = one.easy.get();
      curl_easy_setopt(easy, CURLOPT_URL, options.url.c_str());
      curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_);
      curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &append);
      curl_easy_setopt(easy, CURLOPT_WRITEDATA, static_cast<void*>(&one.reply));
      curl_easy_setopt(easy, CURLOPT_PRIVATE, static_cast<void*>(&one));
      curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
      curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    }
  }
  ~BareLoop() {
    exchanges_.clear();
    curl_multi_cleanup(multi_);
    curl_slist_free_all(headers_);
  }

  void run(std::uint64_t calls) {
    std::uint64_t to_send = calls;
    for (Exchange& one : exchanges_) {
      if (to_send == 0) break;
      --to_send;
      send(one);
    }
    for (int running = 1; running > 0;) {
      curl_multi_perform(multi_, &running);
      int left = 0;
      while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
        Exchange& one = finished(*message);
        if (to_send == 0) continue;
        --to_send;
        send(one);
        running = 1;
      }
      if (running > 0) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
    }
  }

 private:
  void send(Exchange& one) {
    one.request = bodies_.next();
    one.reply.clear();
    curl_easy_setopt(one.easy.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(one.request.size()));
    curl_easy_setopt(one.easy.get(), CURLOPT_POSTFIELDS, one.request.c_str());
    curl_multi_add_handle(multi_, one.easy.get());
  }

  Exchange& finished(const CURLMsg& message) {
    CURL* const easy = message.easy_handle;
    if (message.data.result != CURLE_OK) stop(curl_easy_strerror(message.data.result));
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) stop("a reply had the status " + std::to_string(status));
    char* one = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &one);
    curl_multi_remove_handle(multi_, easy);
    return *static_cast<Exchange*>(static_cast<void*>(one));
  }

  Bodies bodies_;
  CURLM* multi_ = curl_multi_init();
  curl_slist* headers_ = nullptr;
  std::deque<Exchange> exchanges_;
};

// The same through the transport: each arrival sends the next call.
class ByTransport {
 public:
  explicit ByTransport(const Options& options) : in_flight_(options.in_flight), bodies_(options) {
    headgate::route::HttpSpec spec;
    spec.name = "bench";
    spec.url = options.url;
    spec.in_flight = options.in_flight;
    transport_ = headgate::route::start_http(
        {std::move(spec)}, [this](std::vector<headgate::route::Arrival>&& some) { take(some); }, nullptr);
  }

  void run(std::uint64_t calls) {
    std::vector<headgate::route::Call> first;
    {
      const std::lock_guard lock(mutex_);
      to_send_ = to_come_ = calls;
      for (std::size_t i = 0; i < in_flight_ && to_send_ > 0; ++i) first.push_back(next());
    }
    transport_->send(std::move(first));
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return to_come_ == 0; });
  }

 private:
  headgate::route::Call next() {
    --to_send_;
    headgate::route::Call call;
    call.payload = bodies_.next();
    return call;
  }

  void take(const std::vector<headgate::route::Arrival>& some) {
    std::vector<headgate::route::Call> more;
    for (const headgate::route::Arrival& arrival : some) {
      if (arrival.error != headgate::ErrorKind::none) stop(arrival.message);
      if (arrival.http->status != 200) stop("a reply had the status " + std::to_string(arrival.http->status));
    }
    bool is_over = false;
    {
      const std::lock_guard lock(mutex_);
      to_come_ -= some.size();
      for (std::size_t i = 0; i < some.size() && to_send_ > 0; ++i) more.push_back(next());
      is_over = to_come_ == 0;
    }
    if (is_over) done_.notify_all();
    if (!more.empty()) transport_->send(std::move(more));
  }

  std::size_t in_flight_;
  Bodies bodies_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::uint64_t to_send_ = 0, to_come_ = 0;
  std::unique_ptr<headgate::route::Transport> transport_;  // last: it calls into the above
};

template <class Way>
void measure(const Options& options) {
  Way way(options);
  way.run(options.warm);
  const double cpu = cpu_seconds();
  const auto begin = Clock::now();
  way.run(options.calls);
  const double wall = std::chrono::duration<double>(Clock::now() - begin).count();
  const double calls = static_cast<double>(options.calls);
  std::printf(
      "{\"way\": \"%s\", \"calls\": %llu, \"in_flight\": %zu, \"wall_s\": %.3f, \"per_second\": %.0f, "
      "\"cpu_us\": %.2f, \"peak_kib\": %ld}\n",
      options.transport ? "transport" : "bare", static_cast<unsigned long long>(options.calls), options.in_flight, wall,
      calls / wall, (cpu_seconds() - cpu) / calls * 1e6, peak_kib());
}

std::uint64_t number(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) stop("not a number: " + std::string(text));
  return out;
}

Options read(const std::vector<std::string>& words) {
  Options out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 >= words.size()) stop(word + " needs a value");
      return words[++i];
    };
    if (word == "--calls") {
      out.calls = number(value());
    } else if (word == "--warm") {
      out.warm = number(value());
    } else if (word == "--in-flight") {
      out.in_flight = number(value());
    } else if (word == "--body-bytes") {
      out.body_bytes = number(value());
    } else if (word == "--body") {
      std::ifstream file(value(), std::ios::binary);
      if (!file) stop("cannot read the body");
      std::ostringstream all;
      all << file.rdbuf();
      out.body = all.str();
    } else if (word == "--transport") {
      out.transport = true;
    } else if (out.url.empty() && !word.starts_with('-')) {
      out.url = word;
    } else {
      stop("unknown word " + word);
    }
  }
  if (out.url.empty() || out.in_flight == 0) stop("usage: http_floor URL [--calls N] [--in-flight C] [--transport] …");
  return out;
}

}  // namespace

int main(int count, char** words) {
  const Options options = read({words + 1, words + count});
  curl_global_init(CURL_GLOBAL_DEFAULT);
  if (options.transport) {
    measure<ByTransport>(options);
  } else {
    measure<BareLoop>(options);
  }
  return 0;
}
