#include "reference_page.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "file_kinds.hpp"

using namespace headgate;
using namespace headgate::cli;

namespace {

void collect(const FieldTable& table, std::vector<const FieldTable*>& all);

void collect(const Shape& shape, std::vector<const FieldTable*>& all) {
  if (shape.table != nullptr) collect(*shape.table, all);
  for (const Shape& one : shape.of) collect(one, all);
}

void collect(const FieldTable& table, std::vector<const FieldTable*>& all) {
  for (const FieldTable* known : all) {
    if (known == &table) return;
  }
  all.push_back(&table);
  for (const Field& field : table.fields) collect(field.shape, all);
}

}  // namespace

TEST_CASE("every key of every table stands on its page, with what it is for") {
  for (const FileKind& kind : file_kinds()) {
    const std::string page = reference_page(kind.page);
    CHECK(page.starts_with("# "));
    std::vector<const FieldTable*> tables;
    if (kind.table != nullptr) collect(*kind.table, tables);
    if (kind.variants != nullptr) {
      for (const Variants::One& one : kind.variants->all) {
        CHECK(page.find("\n## " + one.table->name + "\n") != std::string::npos);
      }
    }
    for (const FieldTable* table : tables) {
      INFO(kind.name << ": " << table->name);
      CHECK_FALSE(table->help.empty());
      if (table != kind.table) CHECK(page.find("\n### " + table->name + "\n") != std::string::npos);
      for (const Field& field : table->fields) {
        INFO(field.name);
        CHECK_FALSE(field.help.empty());
        CHECK(page.find("| `" + field.name + "` |") != std::string::npos);
      }
    }
  }
  CHECK(reference_page("no-such-page").empty());
}

TEST_CASE("defaults and examples of the tables are values the tables accept") {
  for (const FileKind& kind : file_kinds()) {
    if (kind.table == nullptr) continue;
    std::vector<const FieldTable*> tables;
    collect(*kind.table, tables);
    for (const FieldTable* table : tables) {
      for (const Field& field : table->fields) {
        for (const std::string& text : {field.fallback, field.example}) {
          if (text.empty()) continue;
          INFO(table->name << "." << field.name << ": " << text);
          Complaints complaints;
          const auto tree = parse_json("table", text, complaints);
          REQUIRE(tree);
          CHECK(check(*tree, tree->root(), field.shape, complaints));
        }
      }
    }
  }
}

TEST_CASE("schemas have a name of their own and no host") {
  for (const FileKind& kind : file_kinds()) {
    const Json schema = schema_of(kind);
    CHECK(schema["$id"] == "urn:headgate:schema:" + kind.name);
    CHECK(find_file_kind(kind.name).value() == &kind);
  }
  const auto unknown = find_file_kind("sute");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().hint == "did you mean 'suite'?");
}
