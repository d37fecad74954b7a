#include "label_sheet.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "labels.hpp"
#include "support/temp_folder.hpp"

using namespace headgate;
using namespace headgate::cli;

namespace {

struct Files {
  test::TempFolder folder;
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = folder.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
};

std::optional<std::string> text_at(const LabelSheet& sheet, std::size_t row, const std::string& field) {
  const auto value = sheet.value(sheet.rows.at(row), field);
  return value ? std::optional(word_of(*value)) : std::nullopt;
}

std::vector<Error> complaints_of(const std::vector<std::string>& files, const std::string& id = {}) {
  Complaints complaints;
  CHECK_FALSE(read_labels(files, id, complaints));
  REQUIRE_FALSE(complaints.empty());
  return complaints.errors();
}

}  // namespace

TEST_CASE("a spreadsheet is read however it was saved") {
  const Files files;
  for (const std::string& text :
       {std::string("\xEF\xBB\xBFkey,label,label_2,reply\r\nr-1,pass,,\"two\r\nlines, and \"\"quotes\"\"\"\r\nr-2, "
                    "FAIL ,no,x\r\n"),
        std::string("key;label;label_2;reply\nr-1;pass;;\"two\r\nlines, and \"\"quotes\"\"\"\nr-2; FAIL ;no;x\n"),
        std::string(
            "key\tlabel\tlabel_2\treply\nr-1\tpass\t\t\"two\r\nlines, and \"\"quotes\"\"\"\n\nr-2\t FAIL \tno\tx")}) {
    Complaints complaints;
    const auto sheet = read_labels({files.write("labels.csv", text)}, "", complaints);
    REQUIRE(sheet);
    REQUIRE(sheet->rows.size() == 2);
    CHECK(sheet->columns == std::vector<std::string>{"key", "label", "label_2", "reply"});
    CHECK(sheet->rows[1].id == "r-2");
    CHECK(text_at(*sheet, 0, "label") == "pass");
    CHECK_FALSE(text_at(*sheet, 0, "label_2"));
    CHECK(text_at(*sheet, 0, "reply") == "two\r\nlines, and \"quotes\"");
    CHECK(pass_or_fail(*text_at(*sheet, 1, "label")) == "fail");
    CHECK_FALSE(text_at(*sheet, 1, "other"));
  }
}

TEST_CASE("files are joined by id, and fields are columns or pointers of any of them") {
  const Files files;
  const std::string people =
      files.write("people.jsonl", "{\"id\":\"a\",\"human\":[1,null,2],\"x\":null}\n{\"id\":\"b\",\"human\":[2]}\n");
  const std::string judge =
      files.write("judge.jsonl", "{\"case_id\":\"b\",\"x\":{\"a/b\":\"2\"}}\n{\"case_id\":\"c\",\"x\":1}\n");
  Complaints complaints;
  const auto sheet = read_labels({people, judge}, "", complaints);
  REQUIRE(sheet);
  REQUIRE(sheet->rows.size() == 3);
  CHECK(sheet->value(sheet->rows[0], "/human")->size() == 3);
  CHECK(text_at(*sheet, 0, "/human/2") == "2");
  CHECK_FALSE(text_at(*sheet, 0, "/human/1"));
  CHECK_FALSE(text_at(*sheet, 0, "/human/9"));
  CHECK_FALSE(text_at(*sheet, 0, "/x"));
  CHECK(text_at(*sheet, 1, "/x/a~1b") == "2");
  CHECK(text_at(*sheet, 2, judge + "#/x") == "1");
  CHECK_FALSE(text_at(*sheet, 2, people + "#/x"));
}

TEST_CASE("what is no sheet of labels is told at its place") {
  const Files files;
  CHECK(complaints_of({files.write("a.csv", "name,label\nx,pass\n")})[0].message == "this row has no id");
  const auto twice = complaints_of({files.write("b.csv", "key,label\nx,pass\nx,fail\n")})[0];
  CHECK(twice.message.find("stands twice") != std::string::npos);
  CHECK(twice.place.line == 3);
  CHECK(complaints_of({files.write("c.jsonl", "{\"id\":1}\n[1]\n")})[0].place.line == 2);
  CHECK(complaints_of({files.write("d.jsonl", "{\"id\":1,\"id\":2}\n")}).size() == 1);
  CHECK(complaints_of({files.folder.path() + "/none.csv"}).size() == 1);
  CHECK(complaints_of({files.write("e.csv", "key,label\nx,\"pass\n")}).size() == 1);
}

TEST_CASE("maps and words") {
  const auto map = read_map("1=first, 2 = second,Tie=tie,a=b=c");
  REQUIRE(map);
  CHECK(map->at("1") == "first");
  CHECK(map->at("2") == "second");
  CHECK(map->at("a=b") == "c");
  for (const char* bad : {"", "1", "1=", "=x", "1=a,1=b", "1=a,"}) CHECK_FALSE(read_map(bad));
  for (const char* word : {"pass", "PASS ", "Yes", "ok", "1", "TRUE"}) CHECK(pass_or_fail(word) == "pass");
  for (const char* word : {"fail", "F", "no", "0", "false", "Bad"}) CHECK(pass_or_fail(word) == "fail");
  for (const char* word : {"", "maybe", "2", "passfail", "pas"}) CHECK_FALSE(pass_or_fail(word));
}

TEST_CASE("a field that no row has is known to be none, and an empty one is one") {
  const Files files;
  const std::string csv = files.write("labels.csv", "key,label,probability\na,,1e-300\nb,pass,0.5\n");
  const std::string jsonl = files.write("out.jsonl", "{\"key\":\"a\",\"said\":{\"verdict\":null}}\n");
  Complaints complaints;
  const auto sheet = read_labels({csv, jsonl}, "", complaints);
  REQUIRE(sheet);
  for (const std::string& field : {std::string("label"), std::string("/label"), std::string("/said/verdict"),
                                   std::string("said"), jsonl + "#/said", csv + "#label"}) {
    INFO(field);
    CHECK(sheet->has(field));
  }
  for (const std::string& field :
       {std::string("nocol"), std::string("/said/x"), jsonl + "#label", std::string("none.jsonl#/said")}) {
    INFO(field);
    CHECK_FALSE(sheet->has(field));
  }
  CHECK(sheet->fields() == std::vector<std::string>{"key", "label", "probability", "said"});
}

TEST_CASE("a probability has a floor, and what is below it is refused at its line") {
  const Files files;
  const std::string csv = files.write(
      "labels.csv", "key,label,probability\na,pass,1e-300\nb,pass,1e-7\nc,pass,0\nd,pass,1.5\ne,pass,1e-6\nf,pass,\n");
  Complaints complaints;
  const auto sheet = read_labels({csv}, "", complaints);
  REQUIRE(sheet);
  for (std::size_t row = 0; row < 4; ++row) {
    const auto read = probability_of(*sheet, sheet->rows[row], "probability");
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::input);
    CHECK(read.error().place.line == row + 2);
  }
  CHECK(*probability_of(*sheet, sheet->rows[4], "probability") == 1e-6);
  CHECK(*probability_of(*sheet, sheet->rows[5], "probability") == 1.0);
}
