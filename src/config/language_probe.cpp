#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "headgate/base/text.hpp"
#include "headgate/config/languages.hpp"
#include "headgate/grade/program_text.hpp"
#include "headgate/route/sandbox.hpp"

namespace headgate::config {
namespace {

constexpr const char* nonce = "probe";
constexpr std::uint32_t probe_ms = 120'000;  // g++ on a machine that is busy; only a box that hangs takes so long

// A port of this machine that does accept connections.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    const bool listens = socket_ >= 0 && ::bind(socket_, any, size) == 0 && ::listen(socket_, 1) == 0 &&
                         ::getsockname(socket_, any, &size) == 0;
    if (listens) port_ = ntohs(address.sin_port);
  }
  ~Listener() {
    if (socket_ >= 0) ::close(socket_);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::string port() const { return std::to_string(port_); }

 private:
  int socket_;
  unsigned port_ = 1;
};

constexpr const char* python_probe = R"(
import os, socket

def reaches(port):
    found = []
    if set(os.environ) - {"HOME", "LANG", "PATH", "PYTHONHASHSEED", "TMPDIR", "PWD", "LC_CTYPE"}:
        found.append("sees the environment")
    for path in ("/headgate-probe", "/usr/headgate-probe", "/etc/headgate-probe"):
        try:
            open(path, "w")
            found.append("writes " + path)
        except OSError:
            pass
    for path in ("/proc/1/environ", "/etc/passwd", "/root", "/home"):
        if os.path.exists(path):
            found.append("sees " + path)
    try:
        socket.create_connection(("127.0.0.1", port), 1)
        found.append("connects")
    except OSError:
        pass
    return found
)";

constexpr const char* cpp_probe = R"(
#include <arpa/inet.h>
#include <cstdio>
#include <initializer_list>
#include <sys/socket.h>
#include <unistd.h>
int main() {
  unsigned port = 0;
  if (std::scanf("%u", &port) != 1) return 1;
  for (const char* path : {"/headgate-probe", "/usr/headgate-probe", "/etc/headgate-probe"}) {
    if (std::fopen(path, "w") != nullptr) std::printf("writes %s\n", path);
  }
  for (const char* path : {"/proc/1/environ", "/etc/passwd", "/root", "/home"}) {
    if (access(path, F_OK) == 0) std::printf("sees %s\n", path);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<unsigned short>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket(AF_INET, SOCK_STREAM, 0), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    std::puts("connects");
  }
}
)";

// Of a box whose language nobody here can write a program in.
constexpr const char* shell_probe = R"(
for path in /headgate-probe /usr/headgate-probe /etc/headgate-probe; do
  (: >"$path") 2>/dev/null && echo "writes $path" >&3
done
for path in /proc/1/environ /etc/passwd /root /home; do
  [ ! -e "$path" ] || echo "sees $path" >&3
done
echo "probe done" >&3
)";

struct Probe {
  std::string input;
  std::string good;  // the whole verdict of a box that holds
};

grade::ProgramText head(const char* mode) {
  grade::ProgramText text;
  text.field("nonce", nonce).field("mode", mode).field("time_ms", "30000").field("output_bytes", "4096");
  return text;
}

Probe probe_of(const std::string& name, bool isolates, const std::string& port) {
  if (name == "python") {
    const std::string test = isolates ? "assert reaches(" + port + ") == []" : "assert isinstance(reaches(1), list)";
    return {head("tests").field("program", python_probe).field("tests", test).take(), "started\nprobe passed \n"};
  }
  if (name == "cpp") {
    const char* quiet = "int main() {}";
    return {head("io").field("program", isolates ? cpp_probe : quiet).field("input", port).take(),
            "started\nprobe ran 0 \nprobe done\n"};
  }
  return {"", "probe done\n"};
}

tl::unexpected<Error> refused(const std::string& name, const std::string& why) {
  return failure(ErrorCode::input, "programs in '" + name + "' cannot be run safely here: " + why,
                 "`headgate doctor GATE` tells more; unprivileged user namespaces must be allowed");
}

Result<void> probe(const std::string& name, const Language& language, const std::string& port) {
  route::ProgramSpec spec = language.program;
  const bool isolates = spec.sandbox->isolates();
  const bool is_own = name != "python" && name != "cpp";
  if (is_own && !isolates) return {};
  if (is_own) spec.command.words = {"/bin/sh", "-c", shell_probe};
  const Probe tried = probe_of(name, isolates, port);
  route::Call call;
  call.payload = tried.input;
  call.timeout_ms = probe_ms;
  HG_TRY(arrival, route::call_once(spec, call));
  if (!arrival.exit) return refused(name, arrival.message);
  if (arrival.error == ErrorKind::none && arrival.exit->status == 0 && arrival.exit->verdict == tried.good) return {};
  const std::string said = elide(terminal_line(arrival.exit->verdict), 300);
  const std::string words = elide(terminal_line(arrival.exit->errors), 300);
  return refused(name, "the trial ended with " + std::to_string(arrival.exit->status) +
                           (said.empty() ? "" : ", its verdict: " + said) + (words.empty() ? "" : ": " + words));
}

}  // namespace

Result<void> probe_languages(const std::map<std::string, Language>& languages) {
  if (languages.empty()) return {};
  const Listener listener;
  for (const auto& [name, language] : languages) HG_CHECK(probe(name, language, listener.port()));
  return {};
}

}  // namespace headgate::config
