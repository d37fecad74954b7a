#include "headgate/config/route_file.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "data_path.hpp"
#include "headgate/base/json_pointer.hpp"
#include "headgate/base/sorted_fields.hpp"
#include "headgate/base/text.hpp"
#include "http_reader.hpp"
#include "literal_secrets.hpp"
#include "program_reader.hpp"
#include "prompt_reader.hpp"
#include "route_kinds.hpp"
#include "route_parts.hpp"
#include "well_shaped.hpp"

namespace headgate::config {
namespace {

constexpr std::size_t max_route_file_bytes = std::size_t{4} << 20;
constexpr std::size_t max_of_depth = 8;

template <class Words>
bool is_in(const Words& words, std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::string column_pointer(const std::string& column) {
  return column.starts_with('/') ? column : pointer_step(column);
}

class Reader {
 public:
  Reader(const DataRoots& data, const FileReader& files, const Environment& environment, RouteNeed need,
         Complaints& complaints)
      : data_(data), files_(files), environment_(environment), need_(need), complaints_(complaints) {}

  std::optional<Route> read(const std::string& path) {
    const std::size_t before = complaints_.total();
    std::optional<Tree> own = open(path);
    if (!own) return std::nullopt;
    const RouteKind kind = prepare(*own);
    if (kind == RouteKind::unknown) return std::nullopt;

    Route route;
    route.file = path;
    if (const Json* name = member(own->root(), "route")) route.use.name = name->get<std::string>();
    if (const Json* word = member(own->root(), "kind")) route.use.kind = word->get<std::string>();
    if (kind == RouteKind::replay) {
      read_replay(*own, route);
    } else {
      read_live(*own, kind, route);
    }
    if (complaints_.total() != before) return std::nullopt;
    route.use.digest = route_digest(route.use.parts);
    return route;
  }

 private:
  std::optional<Tree> open(const std::string& path) {
    Result<std::string> text = files_.read(path, max_route_file_bytes);
    if (!text) {
      complaints_.add({text.error().code, text.error().message, Place{path, 1, 1, "", 1, 1}, text.error().hint});
      return std::nullopt;
    }
    Complaints faults;
    std::optional<Tree> tree = parse_config(path, *text, faults);
    hide_excerpts(complaints_, std::move(faults));
    return tree ? std::optional(with_masked_secrets(std::move(*tree), std::move(*text))) : std::nullopt;
  }

  // Leaves what can be read of the file, as all complaints come in one go; unknown: nothing can.
  RouteKind prepare(Tree& own) {
    RouteKind kind = kind_of(own);
    if (!own.root().is_object()) {
      check(own, own.root(), route_table(), complaints_);
      return RouteKind::unknown;
    }
    const bool is_guessed = kind == RouteKind::unknown;
    if (is_guessed) kind = likely_kind(own);
    if (is_http(kind) || is_guessed) own = without_literal_secrets(std::move(own), complaints_);
    if (!is_guessed) {
      own = without_stray_keys(std::move(own), kind, complaints_);
    } else if (kind != RouteKind::unknown) {
      complain_about_kind(own);
      own = with_kind(own, kind);
    }
    if (!check(own, own.root(), route_table(), complaints_)) own = well_shaped(own, route_table());
    return kind;
  }

  void complain_about_kind(const Tree& tree) {
    const Field& kind = *field_of(route_table(), Json::object(), "kind");
    const auto written = tree.root().find("kind");
    if (written != tree.root().end()) {
      check(tree, *written, kind.shape, complaints_);
    } else {
      complaints_.add(tree.error(tree.root(), "missing key 'kind' in route", kind.help));
    }
  }

  void read_live(const Tree& tree, RouteKind kind, Route& route) {
    if (kind == RouteKind::process && !has_command(tree)) return;
    route.use.parts = read_parts(tree, files_, true, need_, complaints_);
    if (kind == RouteKind::process) {
      const ProgramText text{tree, tree.root(), files_, true, need_, &route.missing};
      route.program = read_program(text, "route " + route.use.name, {}, environment_, complaints_);
    }
    read_prompt(tree, files_, route, complaints_);
    if (is_http(kind)) read_http({tree, files_, environment_, need_}, route, complaints_);
    const Json* fallback = member(tree.root(), "fallback");
    has_fallback_ = fallback != nullptr;
    if (has_fallback_ && !is_fallback_) read_fallback(tree, *fallback, route);
  }

  void read_fallback(const Tree& tree, const Json& written, Route& route) {
    auto fallback = fallback_of(tree, written, need_);
    if (fallback == nullptr) return;
    if (fallback->use.name == route.use.name) {
      complaints_.add(tree.error(written, "the fallback is called '" + route.use.name + "' too",
                                 "a reply says which route answered: give the two routes names of their own"));
      return;
    }
    route.use.fallback = fallback->use.name;
    route.use.parts.fallback = to_text(Json(fallback->use.digest.text()));
    for (const std::string& what : fallback->missing) {
      if (!is_in(route.missing, what)) route.missing.push_back(what);
    }
    route.fallback = std::move(fallback);
  }

  // Null after a complaint; those about the other file are at their places in it.
  std::shared_ptr<const Route> fallback_of(const Tree& tree, const Json& written, RouteNeed need) {
    const std::string path = join_path(folder_of(tree.name()), written.get_ref<const std::string&>());
    const auto refuse = [&](std::string message, std::string hint) {
      complaints_.add(tree.error(written, std::move(message), std::move(hint)));
      return nullptr;
    };
    if (path == join_path("", tree.name())) return refuse("a route is not its own fallback", "name another route file");
    if (!files_.exists(path)) {
      return refuse("there is no route file '" + path + "'", "paths are relative to the route file");
    }
    Reader reader(data_, files_, environment_, need, complaints_);
    reader.is_fallback_ = true;
    auto route = reader.read(path);
    if (reader.has_fallback_) {
      return refuse("the route that this one falls back to has a fallback of its own",
                    "one fallback a route: name a route file without one");
    }
    return route ? std::make_shared<const Route>(std::move(*route)) : nullptr;
  }

  bool has_command(const Tree& tree) {
    if (tree.root().contains("command")) return true;
    complaints_.add(tree.error(tree.root(), "a route of kind process needs a 'command'",
                               "command: [python3, worker.py]: the program and its words"));
    return false;
  }

  void read_replay(const Tree& tree, Route& route) {
    route.use.recorded = true;
    route.use.parts = parts_of(tree);
    route.replies = open_replies(tree);
    if (route.replies != nullptr && !has_parts(route.use.parts) && route.use.parts.replies.absent()) {
      route.use.parts.replies = to_text(Json(route.replies->digest().text()));
    }
  }

  RouteParts parts_of(const Tree& tree) {
    RouteParts own = read_parts(tree, files_, false, need_, complaints_);
    const Json* of = member(tree.root(), "of");
    if (of == nullptr) return own;
    if (has_parts(own)) {
      complaints_.add(tree.error(*of, "'of' already says what the route is",
                                 "remove model, prompt, retrieval, tool_policy and params", At::key));
      return own;
    }
    return parts_of_other(tree, *of);
  }

  // The parts of the route whose replies these are. It may be of any kind: nothing of it is called.
  RouteParts parts_of_other(const Tree& tree, const Json& of) {
    const std::string path = join_path(folder_of(tree.name()), of.get_ref<const std::string&>());
    chain_.push_back(tree.name());
    if (is_in(chain_, path) || chain_.size() > max_of_depth) {
      complaints_.add(tree.error(of, "'of' goes round in a circle: " + join_words(chain_) + " and back to " + path));
      return {};
    }
    if (!files_.exists(path)) {
      complaints_.add(tree.error(of, "there is no route file '" + path + "'", "paths are relative to the route file"));
      return {};
    }
    std::optional<Tree> other = open(path);
    if (!other) return {};
    const std::size_t before = complaints_.total();
    Tree& described = *other;
    const RouteKind kind = prepare(described);
    if (complaints_.total() != before) return {};
    if (kind == RouteKind::process && !has_command(described)) return {};
    RouteParts parts = parts_of(described);
    if (const Json* fallback = member(described.root(), "fallback")) {
      const auto route = fallback_of(described, *fallback, RouteNeed::replies);
      if (route != nullptr) parts.fallback = to_text(Json(route->use.digest.text()));
    }
    if (kind == RouteKind::replay && !has_parts(parts) && parts.replies.absent()) {
      if (const auto replies = open_replies(described)) parts.replies = to_text(Json(replies->digest().text()));
    }
    return parts;
  }

  std::shared_ptr<const route::RecordedReplies> open_replies(const Tree& tree) {
    const Json& root = tree.root();
    const bool has_files = root.contains("replies");
    if (has_files == root.contains("from")) {
      complaints_.add(tree.error(root, "a route of recorded replies needs either 'replies' or 'from'",
                                 "replies: recorded.jsonl, or from: {run: reports/…, arm: candidate}"));
      return nullptr;
    }
    return has_files ? open_files(tree) : open_run(tree);
  }

  std::shared_ptr<const route::RecordedReplies> open_files(const Tree& tree) {
    std::vector<std::string> paths;
    const std::size_t before = complaints_.total();
    const auto add = [&](const Json& value) {
      if (value.is_null()) return;  // complained about
      const std::optional<std::string> path = named_file(tree, value, data_, complaints_);
      if (!path) return;
      if (!files_.exists(*path)) {
        complaints_.add(tree.error(value, "there is no file '" + *path + "'", "paths are relative to the route file"));
      } else if (is_in(paths, *path)) {
        complaints_.add(tree.error(value, "'" + *path + "' is named twice"));
      } else {
        paths.push_back(*path);
      }
    };
    const Json& replies = tree.root().at("replies");
    if (replies.is_null()) return nullptr;
    if (replies.is_string()) {
      add(replies);
    } else {
      for (const Json& each : replies) add(each);
    }
    const route::ReplyFields fields = reply_fields(tree);
    if (complaints_.total() != before) return nullptr;
    Complaints about_files;
    auto opened = route::open_reply_files(paths, fields, about_files);
    for (Error error : about_files.errors()) {
      if (error.place.file.empty()) error.place = tree.place(replies);
      complaints_.add(std::move(error));
    }
    return opened;
  }

  std::shared_ptr<const route::RecordedReplies> open_run(const Tree& tree) {
    const Json& from = tree.root().at("from");
    if (tree.root().contains("fields")) {
      complaints_.add(
          tree.error(tree.root().at("fields"), "'fields' is for files, a run has its own shape", {}, At::key));
      return nullptr;
    }
    const Json* run = member(from, "run");
    const Json* named_arm = member(from, "arm");
    if (run == nullptr || named_arm == nullptr) return nullptr;  // complained about
    const std::string folder = join_path(folder_of(tree.name()), run->get_ref<const std::string&>());
    const Arm arm = *named_arm == Json("baseline") ? Arm::baseline : Arm::candidate;
    auto opened = route::open_run_arm(folder, arm);
    if (opened) return std::move(*opened);
    const bool is_there = files_.exists(join_path(folder, "plan.jsonl"));
    complaints_.add({is_there ? opened.error().code : ErrorCode::input, opened.error().message, tree.place(*run),
                     opened.error().hint});
    return nullptr;
  }

  route::ReplyFields reply_fields(const Tree& tree) {
    route::ReplyFields out;
    const auto fields = tree.root().find("fields");
    if (fields == tree.root().end()) return out;
    using From = route::ReplyFields::From;
    const std::pair<const char*, From*> all[] = {{"case_id", &out.case_id},
                                                 {"trial", &out.trial},
                                                 {"output", &out.output},
                                                 {"latency_ms", &out.latency_ms},
                                                 {"cost_usd", &out.cost_usd},
                                                 {"usage", &out.usage},
                                                 {"tool_calls", &out.tool_calls},
                                                 {"documents", &out.documents},
                                                 {"finish_reason", &out.finish_reason},
                                                 {"transcript", &out.transcript},
                                                 {"state", &out.state},
                                                 {"recorded", &out.recorded},
                                                 {"error", &out.error}};
    for (const auto& [key, from] : all) {
      if (const Json* form = member(*fields, key)) read_form(tree, key, *form, *from);
    }
    return out;
  }

  // The form of `key`, which has the right shape; parts of it that had not are null.
  void read_form(const Tree& tree, const std::string& key, const Json& form, route::ReplyFields::From& from) {
    if (form.is_string()) {
      from.pointer = column_pointer(form.get<std::string>());
      return;
    }
    const Json* column = member(form, "from");
    if (form.contains("from") == form.contains("const")) {
      complaints_.add(tree.error(form, "'" + key + "' in fields needs either 'from' or 'const'"));
      return;
    }
    if (form.contains("const")) {
      if (form.size() > 1) {
        complaints_.add(tree.error(form, "'const' in fields stands alone", "remove map and scale"));
      } else if (key == "case_id") {
        complaints_.add(tree.error(form, "every reply would be of one case: 'case_id' cannot be constant"));
      }
      from.constant = to_text(form.at("const"));
      return;
    }
    if (column != nullptr) from.pointer = column_pointer(column->get<std::string>());
    if (const Json* map = member(form, "map")) {
      for (const auto& [found, meant] : map->items()) from.map[found] = to_text(meant);
      if (map->empty()) complaints_.add(tree.error(*map, "the map of '" + key + "' in fields is empty", {}, At::key));
    }
    if (const Json* scale = member(form, "scale")) {
      from.scale = scale->get<double>();
      if (key != "latency_ms" && key != "cost_usd") {
        complaints_.add(tree.error(*scale, "'scale' is for latency_ms and cost_usd", {}, At::key));
      }
    }
  }

  const DataRoots& data_;
  const FileReader& files_;
  const Environment& environment_;
  const RouteNeed need_;
  Complaints& complaints_;
  std::vector<std::string> chain_;  // of `of`
  bool is_fallback_ = false, has_fallback_ = false;
};

}  // namespace

std::optional<Route> load_route(const std::string& path, const std::map<std::string, std::string>& data,
                                const FileReader& files, Complaints& complaints, const Environment& environment,
                                RouteNeed need) {
  return Reader(data, files, environment, need, complaints).read(path);
}

}  // namespace headgate::config
