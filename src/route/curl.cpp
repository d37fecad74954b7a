#include "curl.hpp"

#include <system_error>

namespace headgate::route {

void use_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw std::system_error(ENOMEM, std::system_category(), "cannot start libcurl");
}

}  // namespace headgate::route
