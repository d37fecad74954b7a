// Whose a line of a worker's output is: {"id": "…", …} answers a call, {"ready": true} says that calls may come.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace headgate::route {

// Holds the parser's memory; one a thread.
class ReplyIds {
 public:
  static constexpr std::size_t padding = 64;

  enum class Says { reply, ready, nothing };

  ReplyIds();
  ~ReplyIds();
  ReplyIds(const ReplyIds&) = delete;
  ReplyIds& operator=(const ReplyIds&) = delete;

  // `padding` bytes behind the line must be readable. A line whose only fault is that it is not UTF-8 still has its id;
  // what follows the id is not judged here.
  Says look(std::string_view line);
  std::string_view id() const { return id_; }  // of the last reply, until the next look

 private:
  struct Parser;

  Says look_at_json(std::string_view line, std::size_t allocated);

  std::unique_ptr<Parser> parser_;
  std::string_view id_;
};

}  // namespace headgate::route
