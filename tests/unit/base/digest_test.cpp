#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "crc32c.hpp"
#include "headgate/base/digest.hpp"
#include "headgate/base/random.hpp"

using namespace headgate;

TEST_CASE("sha256: known answers") {
  CHECK(sha256("").hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abc").text().substr(0, 15) == "sha256:ba7816bf");
  CHECK(sha256("abc").brief() == "ba7816bf");
  CHECK(Digest{}.is_zero());
  CHECK_FALSE(sha256("").is_zero());
}

TEST_CASE("Digest: its two spellings are read, nothing else") {
  const Digest digest = sha256("abc");
  Digest read;
  CHECK(Digest::parse(digest.text(), read));
  CHECK(read == digest);
  read = {};
  CHECK(Digest::parse(digest.hex(), read));
  CHECK(read == digest);
  std::string upper = digest.hex();
  upper[0] = 'B';
  for (const std::string& bad : {std::string(), upper, digest.hex() + "0", digest.hex().substr(1),
                                 "sha512:" + digest.hex(), digest.text() + " "}) {
    CHECK_FALSE(Digest::parse(bad, read));
  }
  CHECK(read == digest);
}

TEST_CASE("digest_of: the canonical text counts") {
  CHECK(digest_of(Json{{"b", 1.0}, {"a", 2}}) == sha256(R"({"a":2,"b":1})"));
}

TEST_CASE("Hasher: fields keep their borders") {
  Hasher hasher;
  const Digest first = hasher.field("ab").field("c").finish();
  CHECK(hasher.field("a").field("bc").finish() != first);
  CHECK(hasher.field("ab").field("c").finish() == first);
  CHECK(hasher.bytes("a").bytes("bc").finish() == sha256("abc"));
  CHECK(hasher.field(std::uint64_t{1}).finish() != hasher.field(std::uint64_t{256}).finish());
  CHECK(hasher.field(first).finish() ==
        hasher.field(std::string_view(reinterpret_cast<const char*>(first.bytes.data()), 32)).finish());
  Hasher moved = std::move(hasher);
  CHECK(moved.finish() == sha256(""));
}

TEST_CASE("sha256: threads do not meet") {
  std::vector<int> good(4);
  std::vector<std::thread> threads;
  for (int& result : good) {
    threads.emplace_back([&result] {
      for (int i = 0; i < 1000; ++i) result += sha256(std::to_string(i)) == sha256(std::to_string(i)) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == std::vector<int>(4, 1000));
}

TEST_CASE("crc32c: RFC 3720 answers, in both implementations, and in pieces") {
  CHECK(crc32c("") == 0);
  CHECK(crc32c("123456789") == 0xE3069283U);
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AAU);
  CHECK(crc32c(std::string(32, '\xFF')) == 0x62A8AB43U);
  Random random(9);
  for (int i = 0; i < 500; ++i) {
    std::string text;
    for (auto n = random.below(100); n > 0; --n) text.push_back(static_cast<char>(random.next() & 0x7FU));
    CHECK(crc32c(text) == ~table_crc(text, ~0U));
    const std::string_view all(text);
    const std::size_t cut = random.below(text.size() + 1);
    CHECK(crc32c(all.substr(cut), crc32c(all.substr(0, cut))) == crc32c(all));
  }
}
