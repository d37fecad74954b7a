// Pieces of JSON that several reports write alike.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "headgate/domain/evidence.hpp"
#include "headgate/report/story.hpp"

namespace headgate::report {

Json text_json(const std::string& text);  // repaired to UTF-8
Json cell_json(const Observation& seen, const CellQuote& quote);
Json segments_json(const std::vector<SegmentValue>& segments);

// The quote, or what is known without the texts.
CaseQuote quote_of(const Evidence& evidence, CaseIndex item, std::uint32_t trial, const Quotes& quotes);

}  // namespace headgate::report
