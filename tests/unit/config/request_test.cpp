// The request of a service of one's own (kind: generic_http).
#include <catch2/catch.hpp>

#include "http_folder.hpp"

using namespace headgate;
using namespace headgate::config;

namespace {

// `request` stands at line 4, column 10.
std::string with_request(const std::string& request, const std::string& lines = {}) {
  return "route: h\nkind: generic_http\nendpoint: http://h/\nrequest: " + request + "\n" + lines;
}

class ServiceFolder : public HttpFolder {
 public:
  Said said_of_request(const std::string& request, const std::string& lines = {}) {
    return said_of_route(with_request(request, lines));
  }
  Said said_of_cases(const std::string& request, const std::string& cases, const std::string& lines = {}) {
    write("b.yaml", with_request(request, lines));
    write("s/cases.jsonl", cases);
    return said_of(plain_gate);
  }
};

const std::string plain_case = R"({"id":"c1","input":"x","vars":{"name":"Ana"}})"
                               "\n";
const std::string talk_case = R"({"id":"c1","input":[{"role":"user","content":"x"}]})"
                              "\n";

}  // namespace

TEST_CASE("variables of a request are known, or said at their place") {
  ServiceFolder folder;
  for (const char* request :
       {"{messages: '{{messages}}'}", "{q: 'Q: {{prompt}}', t: '{{trial}}'}", "'{{case.input}}'",
        "[{deep: {deeper: ['{{ case.input }}', '{{open}}x}}', 5, null]}}]", "{q: '{{case.vars.name}}'}"}) {
    CAPTURE(request);
    CHECK(folder.said_of_request(request) == Said{"no complaint"});
  }
  CHECK(folder.said_of_request("{q: 'Q: {{prmpt}}'}") == Said{"r.yaml:4:18: unknown variable 'prmpt' in a request"});
  CHECK(folder.hints == Said{"did you mean 'prompt'?"});
  CHECK(folder.said_of_request("{q: '{{prompt}} {{case.inptu}}'}") ==
        Said{"r.yaml:4:26: unknown template variable 'case.inptu'"});
  CHECK(folder.said_of_request("{q: '{{prompt}}', e: '{{case.expected}}'}") ==
        Said{"r.yaml:4:32: a request must not give {{case.expected}} away"});
  CHECK(folder.said_of_request("{q: '{{prompt}}', x: '{{case.id'}").at(0).find("'{{' is never closed") !=
        std::string::npos);
  CHECK(folder.said_of_request("{q: '{{prompt}}', m: '{{model}}'}") ==
        Said{"r.yaml:4:32: the route has no model for {{model}}"});
  CHECK(folder.said_of_request("{q: '{{prompt}}', m: '{{model}}', p: '{{params}}'}", "model: m\nparams: {a: 1}\n") ==
        Said{"no complaint"});
  CHECK(folder.said_of_request("{q: always the same}") ==
        Said{"r.yaml:4:1: every case would be asked the same: the request holds nothing of a case"});
}

TEST_CASE("a prompt that is not sent, or only its end, is an error") {
  ServiceFolder folder;
  folder.write("p.md", "Be kind.\n");
  CHECK(folder.said_of_request("{q: '{{case.input}}'}", "prompt: {user: 'Q: {{case.input}}'}\n") ==
        Said{"r.yaml:5:1: the prompt is never sent: the request holds neither {{messages}} nor {{prompt}}"});
  CHECK(folder.said_of_request("{q: '{{prompt}}'}", "prompt: {system: p.md}\n") ==
        Said{"r.yaml:5:1: {{prompt}} is the last message alone, and this prompt has more"});
  CHECK(folder.said_of_request("{q: '{{messages}}'}", "prompt: {system: p.md}\n") == Said{"no complaint"});
}

TEST_CASE("pointers into a reply are pointers") {
  ServiceFolder folder;
  const std::string request = "{q: '{{prompt}}'}";
  CHECK(folder.said_of_request(request, "reply: {output: /a/0/text, documents: /x~1y, transcript: /t, state: /s}\n") ==
        Said{"no complaint"});
  CHECK(folder.said_of_request(request, "reply: {output: answer}\n") ==
        Said{"r.yaml:5:17: 'answer' is no JSON pointer"});
  CHECK(folder.said_of_request(request, "reply: {output: /a~2}\n").size() == 1);
  CHECK(folder.said_of_request(request, "reply: {output: ''}\n").size() == 1);
  CHECK(folder.said_of_request(request, "reply: {outptu: /x}\n") == Said{"r.yaml:5:9: unknown key 'outptu' in reply"});
}

TEST_CASE("every case is held against the request before anything is called") {
  ServiceFolder folder;
  CHECK(folder.said_of_cases("{q: '{{case.vars.name}}'}", plain_case) == Said{"no complaint"});
  CHECK(folder.said_of_cases("{q: '{{prompt}}', n: '{{case.vars.nme}}'}", plain_case) ==
        Said{"b.yaml:4:32: case c1 has no {{case.vars.nme}}"});
  // As JSON of its own a conversation fits; inside other text it does not.
  CHECK(folder.said_of_cases("{q: '{{case.input}}'}", talk_case) == Said{"no complaint"});
  CHECK(folder.said_of_cases("{q: 'Q: {{case.input}}'}", talk_case) ==
        Said{"b.yaml:4:18: case c1 is a conversation, which does not fit inside other text"});
  CHECK(folder.said_of_cases("{q: '{{messages}}'}", plain_case, "prompt: {user: 'Dear {{case.vars.who}}'}\n") ==
        Said{"b.yaml:5:22: case c1 has no {{case.vars.who}}"});
}

TEST_CASE("the prompt of every live kind is held against the cases") {
  ServiceFolder folder;
  folder.write("b.yaml", HttpFolder::text("prompt: {user: 'Dear {{case.vars.who}}'}\n"));
  folder.write("s/cases.jsonl", plain_case);
  CHECK(folder.said_of(plain_gate) == Said{"b.yaml:5:22: case c1 has no {{case.vars.who}}"});
}
