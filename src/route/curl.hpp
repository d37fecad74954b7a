// libcurl's handles with owners.
#pragma once

#include <curl/curl.h>

#include <memory>

namespace headgate::route {

// CURL, CURLM and CURLSH are all void to C++.
template <auto close>
struct CurlClose {
  void operator()(void* handle) const { close(handle); }
};
template <auto close>
struct CurlFree {
  template <class T>
  void operator()(T* owned) const {
    close(owned);
  }
};

using Easy = std::unique_ptr<void, CurlClose<curl_easy_cleanup>>;
using Multi = std::unique_ptr<void, CurlClose<curl_multi_cleanup>>;
using Share = std::unique_ptr<void, CurlClose<curl_share_cleanup>>;
using HeaderList = std::unique_ptr<curl_slist, CurlFree<curl_slist_free_all>>;
using UrlParts = std::unique_ptr<CURLU, CurlFree<curl_url_cleanup>>;
using CurlText = std::unique_ptr<char, CurlFree<curl_free>>;

// Once for the whole process; libcurl is never torn down again, as other threads may be using it.
void use_curl();

}  // namespace headgate::route
