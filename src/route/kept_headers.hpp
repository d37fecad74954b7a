// The headers of a reply that anybody asks for.
#pragma once

#include <cstddef>
#include <string_view>

#include "headgate/base/redactor.hpp"
#include "headgate/route/transport.hpp"

namespace headgate::route {

class KeptHeaders {
 public:
  // More than this of header bytes in one exchange, interim replies and trailers included, is an attack.
  static constexpr std::size_t most_bytes = std::size_t{256} << 10;

  // One line as it came, status lines and the empty line at the end among them. False where there are too many bytes.
  bool add(std::string_view line, HttpAnswer& answer, const Redactor* secrets);
  // The final reply's headers (of status 200 or more) are all there.
  bool are_whole() const { return are_whole_; }
  bool have_begun() const { return bytes_ > 0; }
  void clear() { *this = KeptHeaders(); }

 private:
  void keep(std::string_view line, HttpAnswer& answer, const Redactor* secrets) const;

  std::size_t bytes_ = 0;
  bool is_interim_ = false;
  bool are_whole_ = false;
};

}  // namespace headgate::route
