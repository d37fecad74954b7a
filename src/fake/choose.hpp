// Which behaviour a request meets, and what is said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "behaviour.hpp"
#include "question.hpp"
#include "said.hpp"

namespace headgate::fake {

// A request as rules see it.
struct Seen {
  const Question* question = nullptr;
  std::string_view body;
  std::uint64_t hash = 0;     // of the body, with the script's seed
  std::uint64_t index = 0;    // in the profile, from 1
  std::uint64_t attempt = 0;  // of the body, from 1
  Micros age = 0;             // since the server's first request
};

// Numbers that belong to a body, or to one attempt at it; `use` tells apart what they are for.
enum class Use : std::uint64_t { share = 1, tries, wrong, jitter, spread };
std::uint64_t number_for(const Seen& seen, Use use, bool each_attempt);

bool matches(const When& when, const Seen& seen);
// The first rule's that matches, else the profile's.
const Behaviour& behaviour_for(const Profile& profile, const Seen& seen);

std::string text_for(const Behaviour& behaviour, const Seen& seen);
Tokens tokens_for(const Behaviour& behaviour, std::string_view body, std::string_view text);
Micros delay_for(const Behaviour& behaviour, const Seen& seen);

}  // namespace headgate::fake
