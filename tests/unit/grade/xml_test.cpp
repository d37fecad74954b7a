#include <thread>

#include "judging.hpp"

using namespace headgate::grade::testing;

namespace {

const std::string order =
    "<order id='o1'><total currency=\"EUR\">12.50</total>"
    "<item><name>tea</name><price>4.5</price></item><item><name>milk &amp; honey</name><price>8</price></item></order>";

}  // namespace

TEST_CASE("xml finds XML where it is told to look") {
  struct Row {
    const char* options;
    std::string reply;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {"", "<a/>", "pass"},
      {"", "  <?xml version=\"1.0\"?>\n<a b='c'>x<!-- y --></a>\n", "pass"},
      {"", "<?xml version='1.0' encoding='UTF-16'?><a>é</a>", "pass"},
      {"", "<!DOCTYPE html><html><p>x</p></html>", "pass"},
      {"", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "pass"},
      {"", "<a>", "fail"},
      {"", "<a></b>", "fail"},
      {"", "<a/><b/>", "fail"},
      {"", "<a b=c/>", "fail"},
      {"", "<a b='1' b='2'/>", "fail"},
      {"", "<p:a/>", "fail"},
      {"", "<p:a xmlns:p='urn:x'/>", "pass"},
      {"", "no XML", "fail"},
      {"", "Here: <a/>", "fail"},
      {"", "<a>&nbsp;</a>", "fail"},
      {"", "<a>&#65;&lt;</a>", "pass"},
      {"", "<a>\x01</a>", "fail"},
      {"", "<br>", "fail"},
      {R"(,"extract":"fenced")", "Sure:\n```xml\n<a/>\n```", "pass"},
      {R"(,"extract":"fenced")", "```\nnone\n```\n```html\n<a/>\n```", "pass"},
      {R"(,"extract":"fenced")", "```html\n<a>\n```\n```xml\n<a/>\n```", "pass"},
      {R"(,"extract":"fenced")", "<a/>", "fail"},
      {R"(,"extract":"prose")", "It is <a>1</a> then.", "pass"},
      {R"(,"extract":"prose")", "1 < 2, so <a x='>'>1<a/></a>.", "pass"},
      {R"(,"extract":"prose")", "It is <a x='/'/> then <b>.", "pass"},
      {R"(,"extract":"prose","root":"answer")", "<thinking>no</b></thinking> <answer>1</answer>", "pass"},
      {R"(,"extract":"prose","root":"answer")", "<x:answer xmlns:x='urn:x'>1</x:answer> <answers/>", "pass"},
      {R"(,"extract":"prose","root":"answer")", "<thinking>no</thinking>", "absent"},
      {R"(,"extract":{"after":"XML:"})", "XML: <a/>", "pass"},
      {R"(,"root":"a")", "<a/>", "pass"},
      {R"(,"root":"a")", "<b/>", "fail"},
      {R"(,"root":"a")", "<a>", "absent"},
  }));
  INFO(row.options << " on " << row.reply);
  CHECK(judge(R"({"kind":"xml")" + std::string(row.options) + "}", row.reply).word == row.word);
  // Neither form passes on what is not there.
  if (std::string(row.word) == "absent") {
    CHECK(judge(R"({"kind":"not_xml")" + std::string(row.options) + "}", row.reply).word == "absent");
  }
}

TEST_CASE("xml checks what XPath expressions find") {
  struct Row {
    const char* options;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {R"j("values":{"//total/text()":{"near":12.5,"tolerance":0.01},"/order/@id":"o1"})j", "pass"},
      {R"("values":{"//total":12.5})", "pass"},
      {R"("values":{"//total":"12.5"})", "fail"},
      {R"("values":{"//total":{"near":12.52,"tolerance":0.01}})", "fail"},
      {R"("values":{"//total":12.51},"tolerance":0.02)", "pass"},
      {R"("values":{"//total":"{{case.expected}}"})", "pass"},
      {R"("values":{"//total":"{{case.vars.no}}"})", "error"},
      {R"("values":{"//name":["tea","milk & honey"]})", "pass"},
      {R"("values":{"//name":["milk & honey","tea"]})", "fail"},
      {R"("values":{"//name":["tea"]})", "fail"},
      {R"("values":{"//name":"tea"})", "fail"},
      {R"("values":{"//item[1]/name":{"matches":"^t"}})", "pass"},
      {R"("values":{"//item[1]/name":{"one_of":["tea","coffee"]}})", "pass"},
      {R"("values":{"//item":{"count":2}})", "pass"},
      {R"("values":{"//item":{"count":3}})", "fail"},
      {R"("values":{"//item":{"min_count":1,"max_count":2}})", "pass"},
      {R"("values":{"//item":{"max_count":1}})", "fail"},
      {R"("values":{"//error":{"exists":false},"//item":{"exists":true}})", "pass"},
      {R"("values":{"//item":{"exists":false}})", "fail"},
      {R"j("values":{"count(//item)":2,"sum(//price)":12.5,"//total > 12":true})j", "pass"},
      {R"j("values":{"count(//item)":3})j", "fail"},
      {R"j("values":{"string(//total/@currency)":"EUR"})j", "pass"},
      {R"("values":{"//nothing":"x"})", "fail"},
      {R"("elements":["/order/total","//item"])", "pass"},
      {R"("elements":["/order/tax"])", "fail"},
      {R"("forbidden":["//script","//@onclick"])", "pass"},
      {R"("forbidden":["//item"])", "fail"},
      {R"("equals":"<order id='o1'> <total currency='EUR'>12.50</total><!-- x --><item><name>tea</name><price>4.5</price></item><item><name>milk &amp; honey</name><price>8</price></item></order>")",
       "pass"},
      {R"("equals":"<order id='o1'><item><name>milk &amp; honey</name><price>8</price></item><item><name>tea</name><price>4.5</price></item><total currency='EUR'>12.50</total></order>")",
       "fail"},
      {R"("any_order":true,"equals":"<order id='o1'><item><name>milk &amp; honey</name><price>8</price></item><item><name>tea</name><price>4.5</price></item><total currency='EUR'>12.50</total></order>")",
       "pass"},
      {R"("tolerance":0.1,"equals":"<order id='o1'><total currency='EUR'>12.45</total><item><name>tea</name><price>4.50</price></item><item><name>milk &amp; honey</name><price>8</price></item></order>")",
       "pass"},
  }));
  INFO(row.options);
  CHECK(judge(R"({"kind":"xml",)" + std::string(row.options) + "}", order, R"("12.50")").word == row.word);
}

TEST_CASE("namespaces are declared or ignored") {
  const std::string reply = "<o xmlns='urn:a' xmlns:b='urn:b'><b:t>1</b:t></o>";
  CHECK(judge(R"({"kind":"xml","values":{"//t":1}})", reply).word == "fail");
  CHECK(judge(R"({"kind":"xml","namespaces":{"x":"urn:b"},"values":{"//x:t":1}})", reply).word == "pass");
  CHECK(judge(R"({"kind":"xml","ignore_namespaces":true,"values":{"/o/t":1}})", reply).word == "pass");
  CHECK(complaints_about(R"({"kind":"xml","values":{"//x:t":1}})")[0].message ==
        "bad XPath: the prefix 'x' is not declared");
}

TEST_CASE("xml says where and what") {
  CHECK(judge(R"({"kind":"xml","values":{"//total":12}})", order).reason == "//total is \"12.50\", expected 12");
  CHECK(judge(R"({"kind":"xml","values":{"//name":"tea"}})", order).reason == "//name is there 2 times, once expected");
  CHECK(judge(R"({"kind":"xml","elements":["//tax"]})", order).reason == "//tax is there 0 times, at least 1 asked");
  CHECK(
      judge(R"({"kind":"xml"})", "<a>\n<b></c></a>").reason.starts_with("the reply is not well-formed XML: line 2: "));
}

TEST_CASE("XML that would harm is harmless, and fails with its reason") {
  const std::string laughs =
      "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c "
      "'&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><l>&c;</l>";
  const std::string refused = "the reply declares entities or the like in a DOCTYPE, which is not read";
  CHECK(judge(R"({"kind":"xml"})", laughs).reason == refused);
  CHECK(judge(R"({"kind":"xml","elements":["//l"]})", laughs).word == "absent");
  for (const char* outside : {"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
                              "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/x'>%x;]><a/>",
                              "<!DOCTYPE a [<!ATTLIST a b CDATA 'x'>]><a/>", "<!DOCTYPE a [<!ELEMENT a ANY>]><a/>",
                              "<!DOCTYPE a [<!NOTATION n SYSTEM 'x'>]><a/>"}) {
    INFO(outside);
    CHECK(judge(R"({"kind":"xml"})", outside).reason == refused);
  }
  CHECK(judge(R"({"kind":"xml"})", "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x'><a>&x;</a>").word == "fail");
  // An inclusion is an element like any other.
  const std::string including =
      "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/passwd' parse='text'/></a>";
  CHECK(judge(R"j({"kind":"xml","values":{"string(/a)":""}})j", including).word == "pass");
}

TEST_CASE("hostile XML is bounded") {
  const auto word = [](const std::string& reply) { return judge(R"({"kind":"xml"})", reply).word; };
  std::string deep, deep_end;
  for (int i = 0; i < 100'000; ++i) deep += "<a>", deep_end += "</a>";
  CHECK(word(deep + deep_end) == "fail");
  CHECK(word(deep.substr(0, 3 * 128) + deep_end.substr(0, 4 * 128)) == "pass");
  CHECK(judge(R"({"kind":"xml"})", deep.substr(0, 3 * 129) + deep_end.substr(0, 4 * 129)).reason ==
        "the reply is deeper than 128 levels");
  std::string wide = "<a>";
  for (int i = 0; i < 100'000; ++i) wide += "<b/>";
  CHECK(judge(R"({"kind":"xml"})", wide + "</a>").reason == "the reply has more than 50000 nodes");
  std::string crowded = "<a";
  for (int i = 0; i < 100'000; ++i) crowded += " a" + std::to_string(i) + "=''";
  CHECK(judge(R"({"kind":"xml"})", crowded + "/>").reason == "the reply has a tag with more than 256 attributes");
  constexpr std::size_t size = std::size_t{16} << 20;
  CHECK(word(std::string(size, '<')) == "fail");
  CHECK(word("<a>" + std::string(size, 'x') + "</a>") == "fail");
  CHECK(word("<a>" + std::string(size / 4, 'x') + "</a>") == "pass");
  CHECK(word(std::string("<a>\0</a>", 8)) == "fail");
  CHECK(word("<\u0430/>") == "pass");            // a Cyrillic name is a name
  CHECK(word("\u202E<a/>") == "fail");           // and a direction mark is text before the root
  CHECK(word("\uFF1Ca\uFF0F\uFF1E") == "fail");  // full-width brackets are none
  CHECK(judge(R"({"kind":"xml","extract":"prose","root":"a"})", std::string(size, '<')).word == "absent");
  // An expression that finds the same text a hundred times over.
  std::string nested;
  for (int i = 0; i < 100; ++i) nested += "<a>";
  nested += std::string(1'000'000, 'x');
  for (int i = 0; i < 100; ++i) nested += "</a>";
  CHECK(judge(R"({"kind":"xml","values":{"//a":["x"]}})", nested).word == "error");
}

TEST_CASE("a bad expression is a complaint at its place") {
  struct Row {
    const char* path;
    const char* message;
    std::size_t offset;
  };
  const Row row = GENERATE(values<Row>({
      {"//a[", "bad XPath: ", 4},
      {"//a]", "bad XPath: ", 3},
      {"foo(//a)", "bad XPath: there is no function 'foo'", 0},
      {"//a[cuont(b)]", "bad XPath: there is no function 'cuont'", 4},
      {"//a[$x]", "bad XPath: there are no variables", 4},
      {"//a[. = 'x]", "bad XPath: a quote that is never closed", 8},
      {"count(1)", "bad XPath: ", 0},
  }));
  INFO(row.path);
  const auto errors = complaints_about(R"({"kind":"xml","elements":[")" + std::string(row.path) + "\"]}");
  CHECK(errors[0].message.starts_with(row.message));
  const std::size_t start = std::string_view(R"({"kind":"xml","elements":[")").size() + 1;
  CHECK(errors[0].place.column >= start);
  if (row.offset > 0) CHECK(errors[0].place.column + 1 >= start + row.offset);
}

TEST_CASE("xml refuses options that say nothing or no sense") {
  CHECK(complaints_about(R"({"kind":"xml","values":{}})")[0].message == "`values` is empty");
  CHECK(complaints_about(R"({"kind":"xml","values":{"//a[":1}})")[0].place.column == 25);
  CHECK(complaints_about(R"({"kind":"xml","values":{"//a":{"count":-1}}})").size() == 1);
  CHECK(complaints_about(R"({"kind":"xml","values":{"//a":{"min_count":3,"max_count":1}}})").size() == 1);
  CHECK(complaints_about(R"({"kind":"xml","values":{"//a":{"matches":"("}}})").size() == 1);
  CHECK(complaints_about(R"({"kind":"xml","values":{"//a":[]}})")[0].message == "an empty list");
  CHECK(complaints_about(R"({"kind":"xml","equals":"<a>"})")[0].message.starts_with(
      "the expected XML is not well-formed XML"));
  CHECK(complaints_about(R"({"kind":"xml","any_order":true})").size() == 1);
  CHECK(complaints_about(R"({"kind":"xml","tolerance":1})").size() == 1);
  CHECK(complaints_about(R"({"kind":"xml","namespaces":{"a":"urn:a"},"ignore_namespaces":true})").size() == 1);
}

TEST_CASE("one grader of XML serves many threads") {
  const auto one = grader(R"j({"kind":"xml","values":{"sum(//price)":12.5,"//name":["tea","milk & honey"]}})j");
  const auto reply = reply_of(order), broken = reply_of("<order><x></order>");
  const auto item = case_with(R"("x")");
  std::vector<std::thread> threads;
  std::vector<int> good(4, 0);
  for (std::size_t i = 0; i < good.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 50; ++round) {
        good[i] += outcome_of(step(*one, reply, item)).word == "pass" ? 1 : 0;
        good[i] += outcome_of(step(*one, broken, item)).word == "absent" ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == std::vector<int>(4, 100));
}
