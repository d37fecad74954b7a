#include "headgate/fake/provider.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "headgate/base/file.hpp"
#include "server.hpp"

namespace headgate::fake {
namespace {

// A file of our own that goes with us.
class RootFile {
 public:
  RootFile() = default;
  ~RootFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  RootFile(const RootFile&) = delete;
  RootFile& operator=(const RootFile&) = delete;

  Result<void> write(const std::string& pem) {
    std::error_code none;
    const auto folder = std::filesystem::temp_directory_path(none);
    std::string path = join_path(none ? "." : folder.string(), "headgate-fake-root-XXXXXX");
    const int fd = ::mkstemp(path.data());
    if (fd < 0) {
      return failure(ErrorCode::environment,
                     "cannot create a file like '" + path + "': " + std::generic_category().message(errno),
                     "TMPDIR may name another place");
    }
    path_ = path;
    const ssize_t written = ::write(fd, pem.data(), pem.size());
    ::close(fd);
    if (written != static_cast<ssize_t>(pem.size())) {
      return failure(ErrorCode::environment, "cannot write '" + path + "'");
    }
    return {};
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class RunningProvider : public Provider {
 public:
  RunningProvider(std::unique_ptr<Server> server, std::unique_ptr<RootFile> root, bool tls)
      : server_(std::move(server)), root_(std::move(root)), tls_(tls) {}

  std::uint16_t port() const override { return server_->port(); }
  std::string url() const override {
    return (tls_ ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(server_->port());
  }
  std::string ca_file() const override { return root_->path(); }
  Json stats() const override { return server_->stats(); }
  double idle_seconds() const override { return server_->idle_seconds(); }

 private:
  std::unique_ptr<Server> server_;
  std::unique_ptr<RootFile> root_;
  bool tls_;
};

}  // namespace

Result<std::unique_ptr<Provider>> Provider::start(Script script, std::uint16_t port) {
  const bool tls = script->certificate != Certificate::none;
  std::unique_ptr<TlsServer> secure;
  auto root = std::make_unique<RootFile>();
  if (tls) {
    HG_TRY(identity, make_identity(script->certificate));
    HG_TRY(made, TlsServer::create(identity));
    secure = std::move(made);
    if (!identity.root.empty()) HG_CHECK(root->write(identity.root));
  }
  HG_TRY(server, Server::start(std::move(script), port, std::move(secure)));
  return std::make_unique<RunningProvider>(std::move(server), std::move(root), tls);
}

Result<std::unique_ptr<Provider>> Provider::start(const Json& script, std::uint16_t port) {
  Complaints complaints;
  auto tree = parse_json("script", canonical_pretty(script), complaints);
  std::optional<Script> read;
  if (tree) read = read_script(*tree, real_files(), "", complaints);
  if (!read) {
    complaints.sort();
    return failure(complaints.errors().front());
  }
  return start(std::move(*read), port);
}

}  // namespace headgate::fake
