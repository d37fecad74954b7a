#include <nlohmann/json.hpp>

#include "headgate/domain/codec.hpp"
#include "headgate/report/render.hpp"

namespace headgate::report {

std::string decision_json(const Decision& decision) { return canonical(to_json(decision)) + "\n"; }

}  // namespace headgate::report
