#include "headgate/domain/case_line.hpp"

#include "headgate/base/json_append.hpp"

namespace headgate {
namespace {

// Members in canonical order with their commas.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  std::string& key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    append_json_string(out_, name);
    out_ += ':';
    return out_;
  }
  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  void json(std::string_view name, const JsonText& value) {
    if (!value.absent()) key(name) += value.text;
  }
  void close() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

// Options and kind as one object. The canonical key order of the whole does not matter to a reader; `kind` goes first.
void append_grader(std::string& out, const GraderSpec& spec) {
  out += "{\"kind\":";
  append_json_string(out, spec.written_kind());
  const std::string_view options = spec.options.text;
  if (options.size() > 2) {
    out += ',';
    out += options.substr(1);
  } else {
    out += '}';
  }
}

}  // namespace

void append_case_line(std::string& out, const Case& item, std::uint32_t suite) {
  Members members(out);
  members.text("t", "case");
  append_json_number(members.key("suite"), std::uint64_t{suite});
  members.text("id", item.id);
  members.text("digest", item.digest.text());
  members.text("severity", name(item.severity));
  members.text("severe_class", item.severe_class);
  members.text("cluster", item.cluster);
  if (!item.variant_of.empty()) members.text("variant_of", item.variant_of);
  members.text("sampling", name(item.sampling));
  append_json_number(members.key("weight"), item.weight);
  std::string& segments = members.key("segments");
  segments += '{';
  for (std::size_t i = 0; i < item.segments.size(); ++i) {
    if (i != 0) segments += ',';
    append_json_string(segments, item.segments[i].dimension);
    segments += ':';
    append_json_string(segments, item.segments[i].value);
  }
  segments += '}';
  std::string& tags = members.key("tags");
  tags += '[';
  for (std::size_t i = 0; i < item.tags.size(); ++i) {
    if (i != 0) tags += ',';
    append_json_string(tags, item.tags[i]);
  }
  tags += ']';
  std::string& graders = members.key("graders");
  graders += '[';
  for (std::size_t i = 0; i < item.graders.size(); ++i) {
    if (i != 0) graders += ',';
    append_grader(graders, item.graders[i]);
  }
  graders += ']';
  members.json("expected", item.expected);
  members.json("vars", item.vars);
  members.json("context", item.context);
  members.json("input", item.input);
  members.close();
}

}  // namespace headgate
