// Texts cut into words, as the reference implementations of text metrics cut them.
#pragma once

#include <string_view>

#include "symbols.hpp"

namespace headgate::grade {

// rouge_score (google-research): lower case, everything but a-z and 0-9 separates.
Words ascii_words(std::string_view text);

// Lower case; letters, digits and marks of any script are words, and each character of Han, Hiragana and Katakana is
// one by itself.
Words unicode_words(std::string_view text);

// The evaluation script of SQuAD: lower case, without ASCII punctuation, without the articles a, an, the; white space
// separates.
Words squad_words(std::string_view text);

// sacreBLEU's tokenisers of these names. mteval-v13a: punctuation apart, but not within numbers, for Western
// languages; mteval-v14's international: the same by Unicode's categories; white space alone; every character.
enum class BleuTokens { mteval_13a, international, none, characters };
Words bleu_words(std::string_view text, BleuTokens tokens);

// chrF++: white space separates, and one ASCII punctuation mark is taken off the end or else the start of a word.
Words chrf_words(std::string_view text);

}  // namespace headgate::grade
